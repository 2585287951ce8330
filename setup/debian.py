"""Debian packages: those the machine must have, and those that are only unpacked into the project."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from setup import paths
from setup.progress import SetupError, run, step


def ensure_packages(names: tuple[str, ...]) -> None:
    """Install the named packages that are missing, after saying which.

    Raises SetupError when the machine is no Debian or the packages cannot be installed.
    """
    missing = [name for name in names if not _is_installed(name)]
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise SetupError(f"please install {', '.join(missing)}; this machine has no apt-get")
    print(f"Installing Debian packages: {' '.join(missing)}")
    root = [] if os.geteuid() == 0 else ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step("reading Debian's package lists"):
        run([*root, "apt-get", "update"], "apt-update", env=environment)
    with step("installing Debian packages"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
        run([*root, *install], "apt-install", env=environment)


def _is_installed(name: str) -> bool:
    if not shutil.which("dpkg-query"):
        return False
    query = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name],
        capture_output=True,
        text=True,
    )
    return query.stdout == "installed"


@dataclass(frozen=True)
class Source:
    """One Debian archive as this machine's own configuration names it."""

    uri: str
    signed_by: str

    def entry(self, suite: str) -> str:
        """Return the archive's entry for another suite, in the deb822 format of sources.list(5)."""
        lines = ["Types: deb", f"URIs: {self.uri}", f"Suites: {suite}", "Components: main"]
        if self.signed_by:
            lines.append(f"Signed-By: {self.signed_by}")
        return "\n".join(lines) + "\n"


def download(packages: dict[str, list[str]], folder: Path) -> None:
    """Download packages into `folder` without installing them: {suite: [package, …]}.

    The archive is the one this machine uses already; only the suite differs. Package lists are kept
    apart from the machine's own, so nothing of its configuration changes.

    Raises SetupError when this machine names no Debian archive or a download fails.
    """
    folder = paths.local(folder)
    lists = paths.local(paths.LOCAL / "apt")
    source = own_source()
    for suite, names in packages.items():
        sources = lists / f"{suite}.sources"
        sources.write_text(source.entry(suite))
        state = paths.local(lists / suite)
        paths.local(state / "partial")
        options = {
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::Lists": state,
            "Dir::Cache::pkgcache": "",
            "Dir::Cache::srcpkgcache": "",
            "APT::Sandbox::User": "root",
        }
        flags = [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
        run(["apt-get", *flags, "update"], f"apt-update-{suite}")
        run(["apt-get", *flags, "download", *names], f"apt-download-{suite}", cwd=folder)


def codename() -> str:
    """Return the machine's Debian release name, such as `bookworm`; empty on other systems."""
    release = Path("/etc/os-release")
    match = release.exists() and re.search(r"^VERSION_CODENAME=(\w+)", release.read_text(), re.M)
    return match[1] if match else ""


def own_source() -> Source:
    """Find the archive this machine installs Debian itself from, in either format of sources.list(5)."""
    own = codename()
    for file in sorted(Path("/etc/apt").glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", file.read_text()):
            fields = dict(re.findall(r"^([\w-]+):\s*(.+)$", stanza, re.M))
            if own in fields.get("Suites", "").split():
                return Source(fields["URIs"].split()[0], fields.get("Signed-By", ""))
    for file in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt").glob("sources.list.d/*.list"))]:
        for line in file.read_text().splitlines() if file.exists() else ():
            match = re.match(r"deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)", line)
            if match and match["suite"] == own:
                signed_by = re.search(r"signed-by=(\S+)", match["options"] or "")
                return Source(match["uri"], signed_by[1] if signed_by else "")
    raise SetupError(
        "this machine's package sources name no Debian archive, so Odoo 19 cannot be fetched from there; "
        "set ESCALA_ODOO to the folder of an Odoo 19 source tree"
    )
