"""Rendering: what a page is once a browser has run its scripts.

A page is asked for as every page is: by robots.txt, with the delay, retried, written as it came. Only then does a
browser get what was served, runs the page's scripts, and gives back what has become of the page. So the site is asked
for a page once, a page that the browser cannot cope with is still there to be read, and status and redirects are those
that the server gave.
"""
