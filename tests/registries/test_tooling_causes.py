"""The sentence after a failed installation names the real cause, whatever pip said before and after it."""

import pytest

from requirements.causes import kind_of, last_error, sentence

NOTICE = (
    "\n[notice] A new release of pip is available: 23.2.1 -> 26.3\n[notice] To update, run: pip install --upgrade pip\n"
)
DISK = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
RETRY = (
    "WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by "
    "'NewConnectionError('<HTTPSConnection object>: Failed to establish a new connection: [Errno -3] Temporary failure "
    "in name resolution')': /simple/alembic/\n"
)
NOTHING = (
    "ERROR: Could not find a version that satisfies the requirement alembic==1.20.1 (from versions: none)\n"
    "ERROR: No matching distribution found for alembic==1.20.1\n"
)
HASHES = (
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, "
    "please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.\n"
    "    cover==1.0 from file:///index/cover-1.0-py3-none-any.whl (from -r runtime.txt (line 1)):\n"
    "        Expected sha256 aaaa\n"
    "             Got        bbbb\n"
)


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (DISK + NOTICE, "disk"),
        ("OSError: [WinError 112] There is not enough space on the disk\n", "disk"),
        ("ERROR: Could not install packages due to an OSError: [Errno 122] Disk quota exceeded: 'x'\n", "disk"),
        (RETRY + DISK, "disk"),
        (HASHES, "hash"),
        ("ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==.", "unpinned"),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '.venv'\n", "permission"),
        ("ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: 'x.pyd'\n", "permission"),
        ("ERROR: Could not install packages due to an OSError: [Errno 30] Read-only file system: 'x'\n", "permission"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: "
            "CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate'))'\n" + NOTHING,
            "certificate",
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.', "
            "OSError('Tunnel connection failed: 407 Proxy Authentication Required'))'\n" + NOTHING,
            "proxy",
        ),
        (RETRY + NOTHING + NOTICE, "network"),
        ("ERROR: Exception:\nTraceback (most recent call last):\nReadTimeoutError: Read timed out.\n", "network"),
        ("ERROR: HTTP error 503 while getting https://index.example/x.whl\n", "network"),
        (
            "ERROR: Could not install packages due to an OSError: 404 Client Error: Not Found for url: x",
            "network",
        ),
        (NOTHING, "missing"),
        ("ERROR: x-1.0-cp310-cp310-win_amd64.whl is not a supported wheel on this platform.\n", "missing"),
        ("ERROR: Package 'x' requires a different Python: 3.10.2 not in '>=3.11'\n", "missing"),
        ("ERROR: something quite new\n", "other"),
        ("", "other"),
    ],
)
def test_each_kind_of_failure_is_told_apart(output: str, kind: str) -> None:
    assert kind_of(output) == kind


def test_each_kind_has_a_sentence_of_its_own() -> None:
    outputs = [DISK, HASHES, RETRY, NOTHING, "Errno 13", "SSLError", "ProxyError", "In --require-hashes mode", "?"]
    said = [sentence(output).splitlines()[0] for output in outputs]
    assert len(set(said)) == len(outputs)
    assert sum("index cannot be reached" in one for one in said) == 1


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (RETRY + NOTHING + NOTICE, "No matching distribution found for alembic==1.20.1"),
        (DISK + NOTICE, "Could not install packages due to an OSError: [Errno 28] No space left on device"),
        (
            HASHES,
            "checksums differ: cover==1.0 from file:///index/cover-1.0-py3-none-any.whl (from -r runtime.txt (line 1))",
        ),
        ("ERROR: These do not:\n    coverage[toml]>=7 from x\n", "These do not: coverage[toml]>=7 from x"),
        ("WARNING: a\nTraceback:\n  File x\nOSError: last word\nWARNING: b\n" + NOTICE, "OSError: last word"),
        ("", "pip said nothing"),
        (NOTICE, "pip said nothing"),
    ],
)
def test_the_line_that_names_the_error_is_found(output: str, line: str) -> None:
    assert last_error(output) == line
    assert sentence(output).endswith(f"pip: {line}")


def test_an_end_from_outside_is_told() -> None:
    assert "signal 9" in sentence("ERROR: whatever", -9)
    assert "signal" not in sentence("ERROR: whatever", 1)
