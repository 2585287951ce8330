"""Who does something with a document, and from where: what its log keeps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Somebody at the other end of a request; ids of records, 0 for none.

    :param name: the name to show in the log, as it was then
    :param email: the address that they logged in with or that the link is for
    """

    name: str
    email: str = ""
    contact_id: int = 0
    user_id: int = 0
    link_id: int = 0
    ip_address: str = ""
    user_agent: str = ""
    is_client: bool = False

    def event_values(self) -> dict:
        """Return the values of an escala.document.event."""
        return {
            "name": self.name,
            "email": self.email,
            "contact_id": self.contact_id or False,
            "user_id": self.user_id or False,
            "link_id": self.link_id or False,
            "ip_address": self.ip_address,
            "user_agent": self.user_agent[:300],
        }
