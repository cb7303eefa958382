"""Prints how the lists are read: `python -m tests.verticals.phrasings`."""

from tests.verticals.phrasings import days, figures, times


def main() -> None:
    """One line a list, and each phrasing that was not read as meant."""
    for name, phrasings in (
        ("days", days()),
        ("times", times()),
        ("later days", days("later_days")),
        ("later times", times("later_times")),
    ):
        read = figures(phrasings)
        count = read.right + len(read.asked_in_vain) + len(read.wrong)
        print(
            f"{name:12} {count} phrasings: {read.share_right:.1%} right, "
            f"{len(read.asked_in_vain)} asked in vain, {len(read.wrong)} wrong"
        )
        for phrasing in (*read.wrong, *read.asked_in_vain):
            print(f"  {phrasing.said!r} is {phrasing.meant}, was read as {phrasing.read}")


if __name__ == "__main__":
    main()
