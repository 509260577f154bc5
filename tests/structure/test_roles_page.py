"""docs/reference/roles.md says what accounts.roles does."""

from pathlib import Path

from peelian.accounts.roles import CAP, PERMISSIONS, Role

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "roles.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|\n").split("|")] for line in PAGE.splitlines() if line.startswith("|")
    ]


def test_the_table_of_permissions_is_the_one_in_code():
    head, _, *body = rows()
    assert head[2:] == Role.values
    written = {
        permission.strip("`"): {role for role, tick in zip(Role.values, ticks, strict=True) if tick == "yes"}
        for permission, _, *ticks in body
    }
    assert written == {name: set(roles) for name, roles in PERMISSIONS.items()}


def test_the_sizes_are_those_in_code():
    for role, people in CAP.items():
        assert f"{role} {people:,}" in PAGE.replace("\n", " ")
