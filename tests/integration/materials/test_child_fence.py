"""The fence around the children that open files from outside: each thing that is refused is really tried, in a process
that went through the same door as the child; and the real children are asked how they stand.
"""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from lian_desk.adapters.fences.fence import Fence, fence_of, fence_words
from lian_desk.adapters.rendering import renderer
from lian_desk.adapters.rendering.child_process import ChildProcess, _environment
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.adapters.tables import workbook_child
from lian_desk.services.recognition import reader
from tests import material_corpus as corpus

if sys.platform == "linux":
    from lian_desk.adapters.fences.path_fence import landlock_version

    KNOWN = landlock_version()
    ROOM = (
        subprocess.run(
            [sys.executable, "-c", "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10020000) != 0)"],
            check=False,
        ).returncode
        == 0
    )
    """Whether this system gives a process a file system of its own, asked of the system itself."""
else:
    KNOWN, ROOM = 0, False
# From this version on the rules keep signals to the process itself.
SIGNALS_SINCE = 6
# A kernel without such rules has the filter of calls alone, which is tried below for itself.
RULES_FOR_PATHS = pytest.mark.skipif(not KNOWN, reason="the kernel has no rules for paths")
A_ROOM = pytest.mark.skipif(not ROOM, reason="the system gives no room of one's own")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the fence of Linux")

HEAD = """
import ctypes, os, resource, signal, socket, subprocess, sys, threading
from pathlib import Path
from lian_desk.adapters.fences import confinement
from lian_desk.adapters.fences.fence import Fence, enclose, shut_in

def attempt(act):
    try:
        act()
    except OSError as error:
        print(type(error).__name__)
    else:
        print("done")
"""
#: Each wall must stand alone: what is not seen cannot be refused by the others.
IN_SIGHT = """
from lian_desk.adapters.fences import fence as of_child
of_child.look_away = lambda: False
enclose()
"""


def run(
    lines: str, *arguments: object, head: str = "enclose()", **options: object
) -> "subprocess.CompletedProcess[str]":
    """Run lines in a process behind the fence; ``head`` puts it up."""
    script = f"{HEAD}\n{head}\n{textwrap.dedent(lines)}"
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env=_environment(),
        **options,  # type: ignore[call-overload]
    )


def said(lines: str, *arguments: object, head: str = "enclose()") -> list[str]:
    done = run(lines, *arguments, head=head)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


# ------------------------------------------------------------------------------------------------- the whole fence


def test_the_fence_stands_whole_where_the_kernel_offers_it() -> None:
    lines = "print(shut.files, shut.calls, shut.alone, shut.rights, shut.view, sep='-')"
    assert said(lines, head="shut = enclose()") == [f"{KNOWN}-True-True-True-{ROOM}"]


READS = {
    "a file of the user": "Path(sys.argv[1]).read_bytes()",
    "the folder of the user": "os.listdir(os.path.dirname(sys.argv[1]))",
    "the home": "os.listdir(os.path.expanduser('~'))",
    "accounts": "Path('/etc/passwd').read_bytes()",
    "another program's surroundings": "Path(f'/proc/{os.getppid()}/environ').read_bytes()",
    "another program's memory": "open(f'/proc/{os.getppid()}/mem', 'rb')",
}


@RULES_FOR_PATHS
@pytest.mark.parametrize("name", READS)
def test_nothing_of_the_user_is_read(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("病历", encoding="utf-8")
    lines = f"attempt(lambda: {READS[name]})"
    assert said(lines, secret, head="") == ["done"]
    assert said(lines, secret, head=IN_SIGHT) == ["PermissionError"]


LOOKS = {
    "is it there": "os.stat(sys.argv[1])",
    "without following": "os.lstat(sys.argv[1])",
    "its rights": "1 / os.access(sys.argv[1], os.F_OK)",
    "its folder": "os.stat(os.path.dirname(sys.argv[1]))",
    "by a handle of its folder": "os.stat('secret.txt', dir_fd=os.open(os.path.dirname(sys.argv[1]), os.O_PATH))",
    "a handle alone": "os.open(sys.argv[1], os.O_PATH)",
    "other people's homes": "os.stat('/home')",
    "accounts": "os.stat('/etc/passwd')",
    "another program": "os.stat(f'/proc/{os.getppid()}')",
    "its room on the disk": "os.statvfs(os.path.dirname(sys.argv[1]))",
    "up from where it began": "os.stat(os.path.join('..' + '/..' * 20, sys.argv[1].lstrip('/')))",
}


@A_ROOM
@pytest.mark.parametrize("name", LOOKS)
def test_nothing_of_the_user_is_even_seen(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("病历", encoding="utf-8")
    lines = f"""
    try:
        {LOOKS[name]}
    except (FileNotFoundError, ZeroDivisionError):
        print("absent")
    else:
        print("seen")
    """
    assert said(lines, secret, head=IN_SIGHT) == ["seen"]
    assert said(lines, secret) == ["absent"]


@A_ROOM
def test_where_no_room_is_given_everything_is_as_before() -> None:
    """A container that forbids namespaces: the call is refused, a half-built room is taken down again."""
    head = """
import ctypes
from lian_desk.adapters.fences import path_view
library = path_view.ctypes.CDLL(None, use_errno=True)
class Refusing:
    def __init__(self, refused):
        self.refused = refused
    def __getattr__(self, name):
        return (lambda *args: -1) if name in self.refused else getattr(library, name)
before = sorted(os.listdir("/tmp"))
for refused in ({"unshare"}, {"pivot_root", "chroot"}):
    path_view.ctypes = type("ctypes", (), {"CDLL": lambda *a, **k: Refusing(refused), "c_ulong": ctypes.c_ulong})
    print(path_view.hide_the_rest([Path(sys.prefix)]), sorted(os.listdir("/tmp")) == before, os.path.exists("/etc"))
path_view.ctypes = ctypes
"""
    assert said("", head=head) == ["False", "True", "True"] * 2


WRITES = {
    "a new file": "open(sys.argv[1] + '.new', 'wb')",
    "more at the end": "open(sys.argv[1], 'ab').write(b'x')",
    "from the beginning": "open(sys.argv[1], 'wb')",
    "reading and writing": "os.close(os.open(sys.argv[1], os.O_RDWR))",
    "a nameless file": "os.close(os.open(os.path.dirname(sys.argv[1]), os.O_TMPFILE | os.O_RDWR))",
    "a shorter file": "os.truncate(sys.argv[1], 1)",
    "a folder": "os.mkdir(sys.argv[1] + '.folder')",
    "another name": "os.rename(sys.argv[1], sys.argv[1] + '.moved')",
    "a second name": "os.link(sys.argv[1], sys.argv[1] + '.second')",
    "a pointer": "os.symlink(sys.argv[1], sys.argv[1] + '.pointer')",
    "no name": "os.unlink(sys.argv[1])",
    "other rights": "os.chmod(sys.argv[1], 0o777)",
    "another owner": "os.chown(sys.argv[1], os.getuid(), os.getgid())",
    "other times": "os.utime(sys.argv[1], (1, 1))",
    "a pipe": "os.mkfifo(sys.argv[1] + '.pipe')",
    "memory as a file": "os.memfd_create('x')",
}


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written(name: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("unchanged", encoding="utf-8")
    before = kept.stat()
    lines = f"attempt(lambda: {WRITES[name]})"
    assert said(lines, kept, head=IN_SIGHT) == ["PermissionError"]
    assert kept.read_text(encoding="utf-8") == "unchanged"
    assert (kept.stat().st_mtime_ns, kept.stat().st_mode) == (before.st_mtime_ns, before.st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.txt"]
    assert said(lines, kept, head="") == ["done"]


FAMILIES = ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK")


@pytest.mark.parametrize("family", FAMILIES)
def test_there_is_no_network(family: str) -> None:
    kind = "SOCK_RAW" if family == "AF_NETLINK" else "SOCK_STREAM"
    lines = f"attempt(lambda: socket.socket(socket.{family}, socket.{kind}))"
    assert said(lines) == ["PermissionError"]


def test_a_pair_of_sockets_is_refused_too() -> None:
    assert said("attempt(socket.socketpair)", head="") == ["done"]
    assert said("attempt(socket.socketpair)") == ["PermissionError"]


STARTS = {
    "a program": "subprocess.run(['/bin/true'])",
    "in its place": "os.execv('/bin/false', ['false'])",
    "a fork": "os._exit(0) if os.fork() == 0 else None",
    "a spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "this interpreter": "subprocess.run([sys.executable, '-c', ''])",
}


@pytest.mark.parametrize("name", STARTS)
def test_no_program_and_no_process_is_started(name: str) -> None:
    assert said(f"attempt(lambda: {STARTS[name]})", head=IN_SIGHT) == ["PermissionError"]


def test_other_processes_are_left_alone() -> None:
    lines = "attempt(lambda: os.kill(os.getppid(), 0)); attempt(lambda: os.pidfd_open(os.getppid()))"
    assert said(lines, head="") == ["done", "done"]
    assert said(lines) == ["PermissionError", "PermissionError"]


SHARED = {
    "memory": (29, 194, "0, 4096, 0o1600"),
    "semaphores": (64, 190, "0, 1, 0o1600"),
    "a queue": (68, 186, "0, 0o1600"),
    "somebody's queue": (71, 187, "0, 2, 0"),
    "watching files": (294, 26, "0"),
    "notes beside a file": (191, 8, "b'/', b'user.x', None, 0"),
    "where it stands": (80, 49, "b'/'"),
    "its turn on the processor": (144, 119, "0, 0, ctypes.byref(ctypes.c_int(0))"),
}


@pytest.mark.parametrize("name", SHARED)
def test_nothing_is_shared_watched_or_changed_besides(name: str) -> None:
    on_x86_64, on_aarch64, arguments = SHARED[name]
    lines = f"""
    library = ctypes.CDLL(None, use_errno=True)
    number = {{"x86_64": {on_x86_64}, "aarch64": {on_aarch64}}}[os.uname().machine]
    library.syscall(number, {arguments})
    print(ctypes.get_errno() == 1)
    """
    assert said(lines, head="") == ["False"]
    assert said(lines) == ["True"]


def test_the_filter_alone_keeps_signals_and_limits_to_the_process_itself() -> None:
    """Rules for signals came late (Landlock 6): on the kernels before, only the filter stands before the desk."""
    head = """
from lian_desk.adapters.fences import fence as of_child, path_fence
of_child.look_away = lambda: False
path_fence.landlock_version = lambda: 0
enclose()
"""
    lines = """
    attempt(lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE))
    attempt(lambda: resource.prlimit(os.getpid(), resource.RLIMIT_NOFILE))
    send = ctypes.CDLL(None, use_errno=True).syscall
    numbers = {"x86_64": 234, "aarch64": 131}
    number = numbers[os.uname().machine]
    print(send(number, os.getppid(), os.getppid(), 0), send(number, os.getpid(), threading.get_native_id(), 0))
    """
    assert said(lines, head=head) == ["PermissionError", "done", "-1", "0"]


def test_threads_and_installed_packages_still_work() -> None:
    lines = """
    thread = threading.Thread(target=lambda: print("thread"))
    thread.start()
    thread.join()
    import numpy, pypdfium2, PIL.Image
    from lian_desk.adapters.machine.resources import resource_path
    print(len(resource_path("fonts", "NotoSansSC-Regular.ttf").read_bytes()) > 1000)
    """
    assert said(lines) == ["thread", "True"]


def test_nothing_is_left_of_an_administrator() -> None:
    lines = """
    told = dict(line.split(":", 1) for line in open("/proc/self/status"))
    names = ("CapInh", "CapPrm", "CapEff", "CapAmb", *(("CapBnd",) if os.geteuid() == 0 else ()))
    print(*{told[name].strip() for name in names})
    print(told["NoNewPrivs"].strip())
    """
    assert said(lines) == ["0" * 16, "1"]


# -------------------------------------------------------------------------------------------------- limits and crashes


def test_memory_is_bounded() -> None:
    lines = """
    try:
        bytearray(confinement.MOST_MEMORY + 1)
    except MemoryError:
        print("refused")
    """
    assert said(lines) == ["refused"]
    lines = lines.replace("confinement.MOST_MEMORY", "256 * 1024 * 1024")
    assert said(lines, head="enclose(256 * 1024 * 1024)") == ["refused"]


def test_processor_time_of_a_request_is_bounded() -> None:
    lines = """
    confinement.CPU_SECONDS = 1
    confinement.allow_request(0)
    while True:
        pass
    """
    assert run(lines).returncode == -signal.SIGXCPU


def test_a_crash_leaves_no_picture_of_the_memory(tmp_path: Path) -> None:
    lines = """
    print(*resource.getrlimit(resource.RLIMIT_CORE), *resource.getrlimit(resource.RLIMIT_FSIZE))
    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
    os.abort()
    """
    done = run(lines, cwd=tmp_path)
    assert done.returncode == -signal.SIGABRT
    assert done.stdout.split() == ["0", "0", "0", "0", "0"]
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------- each half for itself


def test_without_rules_for_paths_the_filter_of_calls_still_holds(tmp_path: Path) -> None:
    """A kernel before 5.13: no network, no writing, no program; reading is left, and the words say so."""
    secret = tmp_path / "secret.txt"
    secret.write_text("x", encoding="utf-8")
    head = """
from lian_desk.adapters.fences import fence as of_child, path_fence
of_child.look_away = lambda: False
path_fence.landlock_version = lambda: 0
fence = enclose()
print(fence.files, fence.calls)
"""
    lines = """
    attempt(lambda: Path(sys.argv[1]).read_bytes())
    attempt(lambda: open(sys.argv[1], "ab"))
    attempt(socket.socket)
    attempt(lambda: subprocess.run(["/bin/true"]))
    """
    assert said(lines, secret, head=head) == ["0", "True", "done", *["PermissionError"] * 3]
    assert "不能读取用户的文件" in fence_words(Fence(0, calls=True, alone=True, rights=True))


@RULES_FOR_PATHS
def test_without_the_filter_the_rules_for_paths_still_hold(tmp_path: Path) -> None:
    """Another kind of processor: no path outside is read, none is written, no program is run, no port is reached."""
    secret = tmp_path / "secret.txt"
    secret.write_text("x", encoding="utf-8")
    head = """
from lian_desk.adapters.fences import fence
fence.MACHINES = {}
fence.look_away = lambda: False
stands = enclose()
print(stands.files > 0, stands.calls, stands.alone)
"""
    lines = """
    attempt(lambda: Path(sys.argv[1]).read_bytes())
    attempt(lambda: open(sys.argv[1], "ab"))
    attempt(lambda: os.mkdir(sys.argv[1] + ".folder"))
    attempt(lambda: os.execv("/bin/true", ["true"]))
    attempt(lambda: socket.socket().connect(("127.0.0.1", 9)))
    attempt(lambda: socket.socket().bind(("127.0.0.1", 0)))
    attempt(lambda: os.kill(os.getppid(), 0))
    """
    signals = "PermissionError" if KNOWN >= SIGNALS_SINCE else "done"
    assert said(lines, secret, head=head) == ["True", "False", "False", *["PermissionError"] * 6, signals]


@pytest.mark.parametrize(
    ("fence", "missing"),
    [
        (Fence(3, calls=True, alone=True, rights=True), ""),
        (Fence(0, calls=True, alone=True, rights=True), "不能读取用户的文件"),
        (Fence(0, calls=True, alone=True, rights=True, view=True), ""),
        (Fence(3, calls=False, alone=True, rights=True), "不能联网和写入"),
        (Fence(3, calls=True, alone=False, rights=True), "不能启动其他程序"),
        (Fence(3, calls=True, alone=True, rights=False), "没有管理权限"),
    ],
)
def test_what_does_not_stand_is_said(fence: Fence, missing: str) -> None:
    words = fence_words(fence)
    assert (f"没有做到：{missing}" in words) is bool(missing)
    assert fence_of(fence.as_facts()) == fence
    assert fence_of({}) == Fence()


# ------------------------------------------------------------------------------------------------- the real children


CHILDREN = {
    "render": renderer.child_arguments(),
    "recognition": reader.child_arguments(),
    "tables": [sys.executable, "-m", workbook_child.__name__],
}


@pytest.fixture(params=CHILDREN)
def child(request: pytest.FixtureRequest) -> Iterator[ChildProcess]:
    made = ChildProcess(CHILDREN[request.param])
    yield made
    made.end()


def test_all_children_stand_behind_the_fence(child: ChildProcess) -> None:
    """Not what they say alone: what the kernel knows of them."""
    assert fence_of(child.fence) == Fence(KNOWN, calls=True, alone=True, rights=True, view=ROOM)
    folder = Path(f"/proc/{child.process_id}")
    if ROOM:
        mounts = [line.split() for line in (folder / "mountinfo").read_text(encoding="utf-8").splitlines()]
        assert [filesystem[filesystem.index("-") + 1] for filesystem in mounts if filesystem[4] == "/"] == ["tmpfs"]
    status = dict(line.split(":", 1) for line in (folder / "status").read_text(encoding="ascii").splitlines())
    told = {name: status[name].strip() for name in ("NoNewPrivs", "Seccomp", "CapEff", "CapPrm")}
    assert told == {"NoNewPrivs": "1", "Seccomp": "2", "CapEff": "0" * 16, "CapPrm": "0" * 16}
    limits = limits_of(child.process_id)
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max file size"] == ["0", "0"]
    assert "unlimited" not in limits["Max data size"]


def test_a_request_gets_its_processor_time(tmp_path: Path) -> None:
    with Renderer() as used:
        assert used.probe(BytesSource("a", corpus.pdf())).page_count == 1
        assert used.process_id is not None
        soft, _hard = limits_of(used.process_id)["Max cpu time"]
        assert int(soft) < 60
        assert used.fence.calls


def limits_of(process: int) -> dict[str, list[str]]:
    rows = Path(f"/proc/{process}/limits").read_text(encoding="ascii").splitlines()[1:]
    return {row[:26].strip(): row[26:].split()[:2] for row in rows}


def test_the_runtime_of_the_recogniser_is_told_to_keep_quiet() -> None:
    assert _environment()["ORT_DISABLE_TELEMETRY"] == "1"
    assert set(os.environ) <= set(_environment())
