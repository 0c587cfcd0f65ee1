"""`python -m sample_site` serves the sample site until it is interrupted."""

from __future__ import annotations

import argparse

from sample_site.server import SampleServer


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sample_site", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="port on loopback, 0 for any free one")
    port = parser.parse_args().port
    with SampleServer(port=port) as server:
        print(server.url, flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("stopped", flush=True)


if __name__ == "__main__":
    main()
