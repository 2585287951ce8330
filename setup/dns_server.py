"""A DNS server on a loopback port that knows a handful of records, for tests of what is looked up there."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class DnsServer:
    """Where the server listens (UDP)."""

    host: str
    port: int


@contextlib.contextmanager
def running(records: Mapping[tuple[str, str], list[str]]) -> Iterator[DnsServer]:
    """Give a server for the length of the block; of every other name it says that it is not there.

    :param records: (name, type) -> values as in a zone file: ``("nordica.example", "MX"): ["10 mx.nordica.example."]``
    """

    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            query = dns.message.from_wire(data)
            question = query.question[0]
            kind = dns.rdatatype.to_text(question.rdtype)
            values = records.get((question.name.to_text(omit_final_dot=True).lower(), kind))
            response = dns.message.make_response(query)
            response.flags |= dns.flags.RA
            if values:
                response.answer = [dns.rrset.from_text(question.name, 60, "IN", kind, *values)]
            else:
                response.set_rcode(dns.rcode.NXDOMAIN)
            socket.sendto(response.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield DnsServer(*server.server_address)
        finally:
            server.shutdown()
            thread.join()
