"""Who mails come from."""

from email.utils import parseaddr


class Sender:
    """A name and an address: `惠心 <no-reply@example.org>`; raises ValueError."""

    def __init__(self, text: str) -> None:
        self.name, self.address = parseaddr(text)
        self.user, _, self.domain = self.address.rpartition("@")
        if not (self.user and self.domain):
            raise ValueError("expected a name and an address: 惠心 <no-reply@example.org>")

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address
