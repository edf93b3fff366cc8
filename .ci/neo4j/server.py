"""A real Neo4j community server from Maven artefacts, without Docker: for development and tests.

    python .ci/neo4j/server.py start [--home FOLDER] [--port N] [--no-auth] [--tls] [--heap 1g] [--pagecache 256m]
    python .ci/neo4j/server.py stop|kill [--home FOLDER]                                    (SIGTERM, SIGKILL)
    python .ci/neo4j/server.py admin [--home FOLDER] -- database import full neo4j --nodes=...     (neo4j-admin)

`start` prints the URI as its last line; a server that already runs in this home is left as it is. The password of user
`neo4j` is $NEO4J_PASSWORD (default: `kgmine-dev`). Java and Maven are installed by apt where they are missing and this
is root; elsewhere one line says what to install. The artefacts (about 120 MB) are fetched once, into `.neo4j/`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".neo4j"
HOST = "127.0.0.1"
INITIAL, DEFAULT = "neo4j", "kgmine-dev"
"""Passwords: of a fresh server, and the one that it gets where NEO4J_PASSWORD is not set."""
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
OPENS = [
    f"--add-opens=java.base/{name}=ALL-UNNAMED"
    for name in ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
]
PATIENCE = 180
"""Seconds until the first answer, and until a stopped server is gone. Usual: 10."""


class ServerError(Exception):
    """One line: what is wrong and what to do."""


def start(home: Path, options: argparse.Namespace) -> str:
    """Start a server and wait until it answers a query.

    Returns:
        Its URI.
    """
    found = running(home)
    if found is not None:
        print(f"already running in {home}")
        return str(found["uri"])
    java, libraries = tools()
    port = options.port or free_port()
    configure(home, port, options)
    command = [
        *(java, f"-Xms{options.heap}", f"-Xmx{options.heap}", "-XX:+UseG1GC", *OPENS, "-cp", f"{libraries}/*"),
        *(
            "org.neo4j.server.CommunityEntryPoint",
            f"--home-dir={home}",
            f"--config-dir={home / 'conf'}",
            "--console-mode",
        ),
    ]
    with (home / "logs" / "console.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home, start_new_session=True
        )
    uri = f"bolt{'+s' if options.tls else ''}://{HOST}:{port}"
    state = {"pid": process.pid, "uri": uri}
    (home / "server.json").write_text(json.dumps(state) + "\n", encoding="utf-8")
    try:
        wait(uri, home, process, options)
    except BaseException:
        process.kill()
        (home / "server.json").unlink()
        raise
    return uri


def stop(home: Path, how: signal.Signals = signal.SIGTERM) -> None:
    """Stop the server of a home, or kill it; no server there is no error."""
    found = running(home)
    if found is None:
        print(f"no server runs in {home}")
        return
    pid = int(found["pid"])
    os.kill(pid, how)
    end = time.monotonic() + PATIENCE
    while running(home) is not None:
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
    (home / "server.json").unlink()
    print(f"stopped {found['uri']}")


def admin(home: Path, command: list[str], options: argparse.Namespace) -> int:
    """Run neo4j-admin on a home whose server does not run; its exit code."""
    if running(home) is not None:
        raise ServerError(f"a server runs in {home}: stop it first")
    java, libraries = tools()
    if not (home / "conf" / "neo4j.conf").exists():
        configure(home, free_port(), options)
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    call = [java, f"-Xmx{options.heap}", *OPENS, "-cp", f"{libraries}/*", "org.neo4j.cli.AdminTool", *command]
    return subprocess.run(call, env=environment, check=False).returncode


def running(home: Path) -> dict[str, Any] | None:
    """Process id and URI of the server that runs in a home."""
    try:
        found: dict[str, Any] = json.loads((home / "server.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    # A process id is used again after a while: the command line tells whether it is still ours.
    return found if f"--home-dir={home}" in command_line(int(found["pid"])) else None


def command_line(pid: int) -> str:
    """What a process was started with; empty where there is none, or a dead one that nobody has buried."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    asked = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def tools() -> tuple[str, Path]:
    """The java to run, and the folder of the server's jars; both are fetched where they are missing."""
    version = re.search(r"<neo4j.version>(.+?)<", (HERE / "pom.xml").read_text(encoding="utf-8"))
    assert version
    libraries = CACHE / f"lib-{version[1]}"
    needed = [] if java_version() >= 17 else ["default-jre-headless"]
    if not libraries.is_dir() and shutil.which("mvn") is None:
        needed.append("maven")
    if needed:
        install(needed)
    if java_version() < 17:
        raise ServerError("Neo4j needs Java 17 or newer, and the system's packages have an older one: set JAVA_HOME")
    if not libraries.is_dir():
        fetch(libraries)
    return java(), libraries


def java() -> str:
    """The java of JAVA_HOME, else of PATH."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def java_version() -> int:
    """Major version of the Java that would be used; 0 where there is none."""
    try:
        asked = subprocess.run([java(), "-version"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return 0
    found = re.search(r'version "(\d+)', asked.stderr)
    return int(found[1]) if found else 0


def install(packages: list[str]) -> None:
    """Install packages by apt, as root on Debian and its kin."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise ServerError(
            f"missing: {names}; install Java 17 or 21 and Maven (Debian, Ubuntu: sudo apt install {names})"
        )
    print(f"installing {names}", flush=True)
    Path("/usr/share/man/man1").mkdir(parents=True, exist_ok=True)  # images without manuals: Java's package wants it
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--no-install-recommends", "--yes", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", "-o", "Acquire::Retries=3", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerError(f"apt-get {command[0]} failed: {last_line(done.stderr)}")


def fetch(libraries: Path) -> None:
    """Copy the server's jars into a folder, which appears whole or not at all."""
    print(f"fetching the server's jars into {libraries}", flush=True)
    partial = libraries.with_name(f"{libraries.name}.{os.getpid()}.partial")
    command = [
        "mvn",
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        COPY,
        "-DincludeScope=runtime",
        f"-DoutputDirectory={partial}",
    ]
    for attempt in range(3):  # what one attempt fetched stays in Maven's cache
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
        print(f"Maven, attempt {attempt + 1}: {last_line(done.stdout + done.stderr)}", flush=True)
    else:
        raise ServerError("Maven could not fetch the server's jars, see above")
    if libraries.is_dir():  # another process was first
        shutil.rmtree(partial)
    else:
        partial.rename(libraries)


def last_line(text: str) -> str:
    """The line of an output that says most."""
    lines = [line for line in text.splitlines() if line.strip()]
    return next(
        (line for line in lines if "ERROR" in line or line.startswith("E:")), lines[-1] if lines else "no output"
    )


def configure(home: Path, port: int, options: argparse.Namespace) -> None:
    """Folders, settings and (with TLS) certificates of a home."""
    for name in ("conf", "data", "logs", "run", "plugins", "import", "lib", "licenses"):
        (home / name).mkdir(parents=True, exist_ok=True)
    settings = {
        "dbms.security.auth_enabled": "false" if options.no_auth else "true",
        "dbms.security.auth_lock_time": "0s",  # tests give wrong passwords on purpose
        "server.bolt.listen_address": f"{HOST}:{port}",
        "server.bolt.advertised_address": f"{HOST}:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": options.pagecache,
        "dbms.usage_report.enabled": "false",
    }
    if options.tls:
        certificates(home / "certificates")
        settings |= {
            "server.bolt.tls_level": "REQUIRED",
            "dbms.ssl.policy.bolt.enabled": "true",
            "dbms.ssl.policy.bolt.base_directory": str(home / "certificates"),
            "dbms.ssl.policy.bolt.private_key": "private.key",
            "dbms.ssl.policy.bolt.public_certificate": "public.crt",
            "dbms.ssl.policy.bolt.client_auth": "NONE",
        }
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    (home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")


def certificates(folder: Path) -> None:
    """An own authority (`ca.pem`) and the server's certificate by it, by the openssl program."""
    if (folder / "public.crt").exists():
        return
    folder.mkdir()
    if shutil.which("openssl") is None:
        raise ServerError("missing: openssl, which makes the certificates")
    names = f"subjectAltName=IP:{HOST},DNS:localhost\nbasicConstraints=CA:FALSE\n"
    (folder / "names").write_text(names, encoding="utf-8")
    for line in (
        "req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=test-authority -keyout ca.key -out ca.pem",
        "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout private.key -out server.csr",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile names -out public.crt",
    ):
        done = subprocess.run(["openssl", *line.split()], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerError(f"openssl {line.split()[0]} failed: {last_line(done.stderr)}")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def wait(uri: str, home: Path, process: subprocess.Popen[bytes], options: argparse.Namespace) -> None:
    """Return when `RETURN 1` is answered; a fresh server gets its password then."""
    import logging

    from neo4j.exceptions import DriverError, Neo4jError

    expired = "Neo.ClientError.Security.CredentialsExpired"
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)  # it warns at every attempt until the port opens
    end = time.monotonic() + PATIENCE
    while True:
        if process.poll() is not None:
            raise ServerError(f"the server stopped at once: {last_line((home / 'logs' / 'console.log').read_text())}")
        try:
            greet(uri, home, options)
        except (DriverError, Neo4jError) as early:  # no port yet, or no security graph, or no database
            if options.keep_initial_password and getattr(early, "code", None) == expired:
                return
            if time.monotonic() > end:
                raise ServerError(f"no answer after {PATIENCE} s, see {home / 'logs'} ({early})") from early
        else:
            return
        time.sleep(0.3)


def greet(uri: str, home: Path, options: argparse.Namespace) -> None:
    """One query; where the password is refused, the fresh server's password is changed."""
    from neo4j import GraphDatabase, TrustCustomCAs
    from neo4j.exceptions import AuthError

    password = os.environ.get("NEO4J_PASSWORD", DEFAULT)
    secure: dict[str, Any] = {
        "encrypted": True,
        "trusted_certificates": TrustCustomCAs(str(home / "certificates" / "ca.pem")),
    }

    def ask(secret: str, text: str, database: str, **parameters: str) -> None:
        auth = None if options.no_auth else ("neo4j", secret)
        with GraphDatabase.driver(uri.replace("+s", ""), auth=auth, **(secure if options.tls else {})) as driver:
            driver.execute_query(text, parameters_=parameters, database_=database)

    if options.keep_initial_password:
        password = INITIAL
    try:
        ask(password, "RETURN 1", "neo4j")
    except AuthError as refused:
        try:
            ask(INITIAL, "ALTER CURRENT USER SET PASSWORD FROM $old TO $new", "system", old=INITIAL, new=password)
        except AuthError:
            raise ServerError(f"{home} has another password than NEO4J_PASSWORD says ({refused.code})") from None
        ask(password, "RETURN 1", "neo4j")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="A Neo4j server for development and tests.")
    parser.add_argument("command", choices=("start", "stop", "kill", "admin"))
    parser.add_argument("--home", type=Path, default=CACHE / "home", help="folder of its data, settings and logs")
    parser.add_argument("--port", type=int, help="default: a free one")
    parser.add_argument("--no-auth", action="store_true", help="nobody needs a password")
    parser.add_argument(
        "--keep-initial-password", action="store_true", help="neo4j/neo4j, expired, as a fresh server has it"
    )
    parser.add_argument("--tls", action="store_true", help="own authority: HOME/certificates/ca.pem")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--pagecache", default="256m")
    given = sys.argv[1:]
    cut = given.index("--") if "--" in given else len(given)
    options = parser.parse_args(given[:cut])
    options.rest = given[cut + 1 :]  # what neo4j-admin is told
    return options


def main() -> int:
    """Exit code 2 with one line where the server cannot be had."""
    options = arguments()
    home = options.home.resolve()
    try:
        if options.command == "stop":
            stop(home)
        elif options.command == "kill":
            stop(home, signal.SIGKILL)
        elif options.command == "admin":
            return admin(home, options.rest, options)
        else:
            print(start(home, options))
    except ServerError as error:
        print(f"neo4j: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
