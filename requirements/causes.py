"""Why installing failed: reads what pip printed and says it in one sentence with what to do."""

from __future__ import annotations

import re

# The order matters: a full disk or a refused folder also breaks connections, and a broken connection also ends in
# "no matching distribution".
_KINDS: tuple[tuple[str, str, str], ...] = (
    (
        "disk",
        r"No space left on device|Errno 28\b|WinError 112|not enough space|Disk quota exceeded|Errno 122\b",
        "The disk is full. Free about 3 GB where the project and the temporary folder lie, then start again.",
    ),
    (
        "hash",
        r"DO NOT MATCH THE HASHES",
        (
            "A package that was fetched is not the one that was pinned, so nothing was installed. Try again once "
            "(a download may have been cut); if it stays so, the mirror or proxy in between hands out changed files: "
            "use another."
        ),
    ),
    (
        "unpinned",
        r"In --require-hashes mode|Hashes are required in",
        "The lock has a gap. Make it anew with: python3 desk.py lock",
    ),
    (
        "permission",
        (
            r"Permission denied|Errno 13\b|WinError 5\b|Access is denied|Read-only file system|Errno 30\b"
            r"|Operation not permitted|Errno 1\]"
        ),
        (
            "A folder may not be written. Give yourself the right to write the project's folder (and the temporary one), "
            "or clone it to a place of your own; a program that still runs from .venv must be closed on Windows."
        ),
    ),
    (
        "certificate",
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerification|certificate verify failed",
        (
            "The package index shows a certificate that is not trusted. Behind a proxy of the firm, tell pip its "
            "certificate (PIP_CERT), then start again."
        ),
    ),
    (
        "proxy",
        r"ProxyError|Cannot connect to proxy|407 Proxy|Tunnel connection failed",
        "The proxy refuses. Check HTTPS_PROXY and its password, then start again.",
    ),
    (
        "network",
        (
            r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Read timed out|Retrying \(Retry|connection broken"
            r"|Name or service not known|Temporary failure in name resolution|getaddrinfo failed|nodename nor servname"
            r"|Connection refused|Connection reset|IncompleteRead|Network is unreachable|Max retries exceeded"
            r"|Could not fetch URL|HTTP error \d+|\b[45]\d\d (?:Client|Server) Error"
        ),
        (
            "The package index cannot be reached. Check the network, the proxy or the mirror, then start again; what was "
            "fetched is kept."
        ),
    ),
    (
        "missing",
        (
            r"No matching distribution found|Could not find a version that satisfies|is not a supported wheel"
            r"|requires a different Python"
        ),
        (
            "The package index reached has no file of that package for this Python on this system. A mirror may lag "
            "behind: use another, or a Python from 3.11 to 3.14 on Linux (x86-64, ARM), Windows or macOS 14 and newer."
        ),
    ),
)
_OTHER = "Installing the pinned packages failed."
_NOISE = re.compile(r"^(WARNING|DEPRECATION|\[notice\]|hint:|note:)", re.IGNORECASE)


def last_error(output: str) -> str:
    """Return the line of ``output`` that names the error: pip's last ERROR line, else its last line that says something.

    A line that ends with a colon, and the one about checksums, is followed by what it speaks of.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    lines = [line for line in lines if not _NOISE.match(line)]
    marked = [number for number, line in enumerate(lines) if line.startswith("ERROR:")]
    if not marked:
        return lines[-1] if lines else "pip said nothing"
    number = marked[-1]
    line = lines[number].removeprefix("ERROR:").strip()
    followed = line.endswith(":") or "DO NOT MATCH THE HASHES" in line
    if "DO NOT MATCH THE HASHES" in line:
        line = "checksums differ:"
    return f"{line} {lines[number + 1].rstrip(':')}" if followed and number + 1 < len(lines) else line


def kind_of(output: str) -> str:
    """Return the kind of failure that ``output`` tells of; ``other`` when none is known."""
    for kind, pattern, _advice in _KINDS:
        if re.search(pattern, output):
            return kind
    return "other"


def sentence(output: str, code: int = 1) -> str:
    """Say why installing failed and what to do; pip's own last word stands behind it.

    Args:
        output: everything that pip printed.
        code: its exit code; negative for a signal.
    """
    if code < 0:
        return f"Installing was ended from outside (signal {-code}; 9 is often too little memory). Start again."
    kind = kind_of(output)
    advice = next((text for one, _pattern, text in _KINDS if one == kind), _OTHER)
    return f"{advice}\n  pip: {last_error(output)}"
