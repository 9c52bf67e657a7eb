"""Addresses of repositories, archives and folders, in the many ways they are written."""

import ntpath
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import url2pathname

from psynapse.environments.errors import BadRequirement

ARCHIVES: Final = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst")
GIT_SCHEMES: Final = ("git+https", "git+http", "git+ssh", "git+file", "git+git")
# What RFC 3986 allows. Braces are not in it: uv would put environment variables where ``${NAME}`` stands.
_URL_CHARACTERS: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_GIT_REF: Final = re.compile(r"[A-Za-z0-9_][\w./+-]*", re.ASCII)
_SCP_FORM: Final = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+):(?P<path>[^/\d][^:]*|\d+[^:/][^:]*)", re.ASCII)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PATH_STARTS: Final = ("/", "./", "../", "~/", ".\\", "..\\", "~\\", "\\\\")
# How hosting sites show a branch: .../user/repo/tree/main/folder, .../group/repo/-/tree/main/folder.
_TREE_PAGE: Final = re.compile(r"(?P<repo>/.+?)(?:/-)?/tree/(?P<ref>[^/]+)(?:/(?P<folder>.+))?")
_REPO_PARTS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where something is: ``url`` of a repository (without ``git+``) or archive, or an absolute ``path``."""

    kind: Literal["git", "archive", "path"]
    url: str = ""
    path: str = ""
    ref: str = ""
    subdirectory: str = ""
    egg: str = ""


def is_path(text: str) -> bool:
    """Whether the text is written like a path of this machine."""
    return text in {".", "..", "~"} or text.startswith(_PATH_STARTS) or bool(ntpath.splitdrive(text)[0])


def is_address(text: str) -> bool:
    """Whether the text is written like an address or path, so that it cannot be the name of a package."""
    return is_path(text) or bool(_SCHEME.match(text)) or bool(_SCP_FORM.fullmatch(text.removeprefix("git+")))


def is_archive(path: str) -> bool:
    """Whether a file of that name is a wheel or a source archive."""
    return path.lower().endswith(ARCHIVES)


def parse_address(text: str) -> Address:
    """What the text leads to; relative paths and ``~`` are made absolute. Raises BadRequirement."""
    if is_path(text):
        return Address(kind="path", path=_absolute(text))
    if scp := _SCP_FORM.fullmatch(text.removeprefix("git+")):
        text = f"git+ssh://{scp['user']}@{scp['host']}/{scp['path']}"
    if not _URL_CHARACTERS.fullmatch(text):
        raise BadRequirement(
            "The address holds a character that addresses cannot have", hint="percent-encode it, as in %20 for a space"
        )
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError as error:
        raise BadRequirement(f"The address cannot be read: {error}", hint="check its host and port") from None
    return _by_scheme(url)


def _by_scheme(url: SplitResult) -> Address:
    _refuse_secrets(url)
    if url.scheme == "file":
        return _of_file(url)
    if url.scheme in GIT_SCHEMES:
        return _of_repository(url, url.path)
    if url.scheme in {"http", "https"}:
        return _of_web(url)
    raise BadRequirement(
        f"Nothing can be installed from a {url.scheme or 'bare'} address",
        hint="use https://, git+https://, git+ssh://, git+file:// or a folder of this machine",
    )


def _refuse_secrets(url: SplitResult) -> None:
    """A user name is part of an SSH address; anywhere else it is a credential."""
    if url.password or (url.username and url.scheme != "git+ssh"):
        raise BadRequirement(
            "The address holds a user name or a password, which would be stored and shown",
            hint="leave it out and keep it in git's credential store, in ~/.netrc or in an SSH key",
        )


def _absolute(text: str) -> str:
    if ntpath.splitdrive(text)[0] and os.name != "nt":
        raise BadRequirement("This is a path of Windows", hint="give a path of this machine")
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise BadRequirement("There is no such home folder", hint="give the whole path") from None
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links


def _of_file(url: SplitResult) -> Address:
    if url.netloc not in {"", "localhost"}:
        raise BadRequirement("A file address cannot name another machine", hint="write file:///folder")
    path = url2pathname(url.path)
    if not path.isprintable() or not Path(path).is_absolute():
        raise BadRequirement("A file address needs an absolute path", hint="write file:///folder")
    fragment = _fragment(url.fragment)
    folder = str(Path(path, fragment.get("subdirectory", ""))) if not is_archive(path) else path
    return Address(kind="path", path=_absolute(folder), egg=fragment.get("egg", ""))


def _of_web(url: SplitResult) -> Address:
    if not url.hostname:
        raise BadRequirement("The address has no host", hint="write https://host/user/repository")
    if is_archive(url.path):
        fragment = _fragment(url.fragment)
        kept = [f"{name}={value}" for name, value in fragment.items() if name not in {"egg", "subdirectory"}]
        return Address(
            kind="archive",
            url=url._replace(fragment="&".join(kept)).geturl(),
            subdirectory=fragment.get("subdirectory", ""),
            egg=fragment.get("egg", ""),
        )
    if url.query:
        raise BadRequirement("This is neither a repository nor an archive", hint="leave out what follows the ?")
    return _of_page(url)


def _of_page(url: SplitResult) -> Address:
    """A repository as a browser shows it."""
    path = url.path.rstrip("/")
    repository = path.rpartition("@")[0] or path
    if not repository.endswith(".git") and len([part for part in repository.split("/") if part]) < _REPO_PARTS:
        raise BadRequirement(
            "The address is neither a repository nor an archive",
            hint="write https://host/user/repository, or the address of a .whl or .tar.gz file",
        )
    repository_url = url._replace(scheme=f"git+{url.scheme}")
    if tree := _TREE_PAGE.fullmatch(path):
        fragment = f"subdirectory={tree['folder']}" if tree["folder"] else ""
        return _of_repository(repository_url._replace(fragment=fragment), f"{tree['repo']}@{tree['ref']}")
    return _of_repository(repository_url, path)


def _of_repository(url: SplitResult, path: str) -> Address:
    repository, at, ref = path.rpartition("@") if "@" in path else (path, "", "")
    local = url.scheme == "git+file"
    if not repository.strip("/") or bool(url.hostname) == local:
        raise BadRequirement("The address names no repository", hint="write git+https://host/user/repository")
    if at and (not _GIT_REF.fullmatch(unquote(ref)) or ".." in ref):
        raise BadRequirement("What follows the @ is no branch, tag or commit", hint="write …/repository@main")
    if url.query:
        raise BadRequirement("The address of a repository has no query", hint="leave out what follows the ?")
    fragment = _fragment(url.fragment)
    scheme = url.scheme.removeprefix("git+")
    return Address(
        kind="git",
        url=f"{scheme}://{url.netloc}{repository.rstrip('/')}",
        ref=unquote(ref),
        subdirectory=fragment.get("subdirectory", ""),
        egg=fragment.get("egg", ""),
    )


def _fragment(text: str) -> dict[str, str]:
    """``subdirectory=a/b&egg=name`` as a dictionary. Raises BadRequirement for what is not that."""
    if not text:
        return {}
    parts = (part.partition("=") for part in text.split("&"))
    found = {name: value for name, _, value in parts}
    folder = unquote(found.get("subdirectory", ""))
    if not all(found.values()) or folder.startswith("/") or {"..", "."} & set(re.split(r"[/\\]", folder)):
        raise BadRequirement(
            "What follows the # cannot be used", hint="write #subdirectory=folder, a folder inside of the repository"
        )
    return found | ({"subdirectory": folder.rstrip("/")} if folder else {})
