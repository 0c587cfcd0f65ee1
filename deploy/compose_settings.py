"""Settings of the containers of compose.yaml: whatever crawls, searches or exports there has the same store."""

from vovcrawl.settings import *  # noqa: F403

# The driver takes the password from the environment.
VOV_DATABASE = "postgresql+psycopg://vovcrawl@db/vovcrawl"
# No feeds: the workers' files would be one in the same folder, and the store has every article.
FEEDS: dict[str, object] = {}
