"""How requests are sent: Scrapy's downloader and its handlers."""
