"""Started as `python -I documents/renderer/__main__.py <control socket>` by `client`."""

import socket
import sys
from pathlib import Path


def main() -> None:
    """Serve on the inherited socket. An isolated interpreter does not know where we lie."""
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from documents.renderer.zygote import serve

    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
