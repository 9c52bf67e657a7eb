import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psynapse.environments.errors import BadRequirement
from psynapse.environments.requirement import Requirement, parse_requirement


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        ("numpy", "numpy"),
        ("  Scope_Foo[b,A]>=1,<2 ", "scope-foo[a,b]<2,>=1"),
        ("scope.foo ; python_version>'3'", 'scope-foo ; python_version > "3"'),
        ("https://host/user/repo", "git+https://host/user/repo"),
        ("https://host/user/repo/", "git+https://host/user/repo"),
        ("https://host/user/repo.git@v1.0", "git+https://host/user/repo.git@v1.0"),
        ("https://host:8443/user/repo#subdirectory=a/b", "git+https://host:8443/user/repo#subdirectory=a/b"),
        ("https://host/user/repo/tree/main/nodes/one", "git+https://host/user/repo@main#subdirectory=nodes/one"),
        ("https://host/user/repo/tree/main", "git+https://host/user/repo@main"),
        ("https://host/group/sub/repo/-/tree/dev", "git+https://host/group/sub/repo@dev"),
        ("git+https://host/user/repo@feature/new+1", "git+https://host/user/repo@feature/new+1"),
        ("git+https://host/user/repo#egg=Scope_Foo", "scope-foo @ git+https://host/user/repo"),
        ("git+ssh://git@host/user/repo@main", "git+ssh://git@host/user/repo@main"),
        ("git+file:///srv/repo", "git+file:///srv/repo"),
        ("git+http://127.0.0.1:8080/repo", "git+http://127.0.0.1:8080/repo"),
        ("git@host.example:user/repo.git@main", "git+ssh://git@host.example/user/repo.git@main"),
        ("git+git@host.example:user/repo.git", "git+ssh://git@host.example/user/repo.git"),
        ("scope-x[q] @ git+https://h/u/r@v1#subdirectory=a", "scope-x[q] @ git+https://h/u/r@v1#subdirectory=a"),
        ("scope-x@https://h/u/r ; os_name=='nt'", 'scope-x @ git+https://h/u/r ; os_name == "nt"'),
        ("https://h/f/a-1.0-py3-none-any.whl", "https://h/f/a-1.0-py3-none-any.whl"),
        ("https://h/a.tar.gz#sha256=ab&subdirectory=p&egg=a", "a @ https://h/a.tar.gz#sha256=ab&subdirectory=p"),
        ("https://h/a.zip?token=1#subdirectory=p", "https://h/a.zip?token=1#subdirectory=p"),
        ("/srv/nodes", "-e file:///srv/nodes"),
        ("/srv/../srv/a b", "-e file:///srv/a%20b"),
        ("/srv/${HOME}#x", "-e file:///srv/%24%7BHOME%7D%23x"),
        ("file:///srv/a%20b", "-e file:///srv/a%20b"),
        ("file://localhost/srv/x#egg=one", "-e file:///srv/x"),
        ("file:///srv/mono#subdirectory=one", "-e file:///srv/mono/one"),
        ("/srv/a-1.0-py3-none-any.whl", "file:///srv/a-1.0-py3-none-any.whl"),
        ("scope-x[q] @ file:///srv/x.tar.gz", "scope-x[q] @ file:///srv/x.tar.gz"),
    ],
)
def test_what_is_asked_for_becomes_one_line(spec: str, line: str):
    requirement = parse_requirement(spec)
    assert requirement.line() == line
    assert parse_requirement(requirement.spec) == requirement
    assert Requirement.from_json(json.loads(json.dumps(requirement.to_json()))) == requirement


@pytest.mark.parametrize(
    ("spec", "source", "editable"),
    [
        ("numpy", "pypi", False),
        ("https://h/a.whl", "pypi", False),
        ("https://h/u/r", "git", False),
        ("/srv/x", "local", True),
        ("/srv/x.whl", "local", False),
    ],
)
def test_the_source_is_told_from_the_text(spec: str, source: str, editable: bool):
    requirement = parse_requirement(spec)
    assert (requirement.source, requirement.editable) == (source, editable)


def test_relative_paths_and_homes_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    found = [parse_requirement(spec).path for spec in ("./x", "../y", "~/z", ".", "name @ ./x")]
    assert found == [str(path) for path in (tmp_path / "x", tmp_path.parent / "y", tmp_path / "me/z", tmp_path)] + [
        str(tmp_path / "x")
    ]


def test_a_folder_is_editable_unless_told_otherwise():
    assert parse_requirement("/srv/x", editable=False).line() == "file:///srv/x"
    assert parse_requirement("/srv/x", editable=True).editable
    with pytest.raises(BadRequirement, match="Only a folder"):
        parse_requirement("numpy", editable=True)


@pytest.mark.parametrize(
    ("spec", "because"),
    [
        ("", "nothing to install"),
        (" \t ", "nothing to install"),
        ("-r other.txt", "begin with a dash"),
        ("--index-url https://h/simple", "begin with a dash"),
        ("-e /srv/x", "begin with a dash"),
        ("a\nb", "one line"),
        ("a\r--index-url x", "one line"),
        ("a\x00b", "one line"),
        ("a\u2028b", "one line"),
        ("a\x85b", "one line"),
        ("\u202efoo", "cannot be seen"),
        ("x" * 2_001, "at most 2,000"),
        ("foo --hash=sha256:00", "no requirement"),
        ("foo -e .", "no requirement"),
        ("foo/bar", "no requirement"),
        ("foo==1 # comment", "no requirement"),
        ("foo; os_name == '#'", "neither comments nor variables"),
        ("foo; os_name == '${HOME}'", "neither comments nor variables"),
        ("foo @ git+https://h/u/r --index-url x", "no requirement"),
        ("foo @ -e .", "bare address"),
        ("foo @", "no requirement"),
        ("https://user:secret@h/u/r", "user name or a password"),
        ("https://token@h/u/r", "user name or a password"),
        ("git+ssh://git:secret@h/u/r", "user name or a password"),
        ("https://h/${TOKEN}/r", "character that addresses cannot have"),
        ("https://h/u/r with spaces", "character that addresses cannot have"),
        ("https://h:99999/u/r", "cannot be read"),
        ("https://[::1/u/r", "cannot be read"),
        ("https:///u/r", "no host"),
        ("https://h/r", "neither a repository nor an archive"),
        ("https://h/u/r?x=1", "neither a repository nor an archive"),
        ("git+https://h", "names no repository"),
        ("git+https:///u/r", "names no repository"),
        ("git+file://host/srv/r", "names no repository"),
        ("git+https://h/u/r?x=1", "has no query"),
        ("git+https://h/u/r@", "no branch, tag or commit"),
        ("git+https://h/u/r@-x", "no branch, tag or commit"),
        ("git+https://h/u/r@a..b", "no branch, tag or commit"),
        ("git+https://h/u/r#subdirectory=../x", "follows the #"),
        ("git+https://h/u/r#subdirectory=/x", "follows the #"),
        ("git+https://h/u/r#subdirectory=a%5C..%5Cb", "follows the #"),
        ("git+https://h/u/r#subdirectory=", "follows the #"),
        ("git+https://h/u/r#egg=a;b", "no requirement"),
        ("ftp://h/x.whl", "from a ftp address"),
        ("data:text/plain,x", "from a data address"),
        ("file://host/srv/x", "another machine"),
        ("file:relative", "absolute path"),
        ("file:///srv/a%0A-r", "absolute path"),
        ("C:\\nodes", "path of Windows"),
        ("~\\nobody", "no such home folder"),
        ("\\\\host\\share", "path of Windows"),
    ],
)
def test_what_is_no_requirement_is_refused_and_says_why(spec: str, because: str):
    with pytest.raises(BadRequirement) as refused:
        parse_requirement(spec)
    assert because in refused.value.message
    assert refused.value.hint
    assert "secret" not in str(refused.value)
    assert "token" not in str(refused.value)


_PIECES = st.sampled_from(
    [
        "-",
        "--index-url ",
        "-e ",
        "-r ",
        "\n",
        "\r",
        "\u2028",
        " ",
        "#",
        "${HOME}",
        "@",
        " @ ",
        "git+",
        "https://",
        "file://",
        "h/u/r",
        "/",
        "a",
        "[x]",
        ">=1",
        ";",
        "'",
        "\\",
        "..",
        "=",
        "&",
        "subdirectory=",
        "%0A",
        "%20",
        "~",
        ":",
        "é",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=12).map("".join)))
@example("/a ")
@example("/-")
@example("file:///a%20")
@example("a @ /b c")
@example("file:////host/x")
@example("git+https://h/u/r@1%0a")
def test_whatever_is_typed_is_refused_or_one_line_that_smuggles_nothing(spec: str):
    try:
        requirement = parse_requirement(spec)
    except BadRequirement:
        return
    line = requirement.line()
    assert line.isprintable()
    assert "${" not in line
    assert line.startswith("-e file:///") == requirement.editable
    asked = line.removeprefix("-e ")
    assert not asked.startswith("-")
    assert " #" not in asked
    assert " -" not in asked
    assert parse_requirement(requirement.spec) == requirement
    assert Requirement.from_json(requirement.to_json()) == requirement


def test_a_commit_takes_the_place_of_the_branch_while_it_is_pinned():
    commit = "a" * 40
    requirement = Requirement(spec="", name="x", source="git", url="https://h/u/r", ref="main", commit=commit)
    assert requirement.line() == f"x @ git+https://h/u/r@{commit}"
    assert requirement.line(pinned=False) == "x @ git+https://h/u/r@main"


@pytest.mark.parametrize("wrong", [{"extras": "a"}, {"source": "elsewhere"}, {"name": 1}])
def test_a_manifest_that_says_something_else_is_refused(wrong: dict[str, object]):
    data = json.loads(json.dumps(parse_requirement("numpy").to_json() | wrong))
    with pytest.raises((TypeError, ValueError)):
        Requirement.from_json(data)
