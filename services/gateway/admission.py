"""Who may ask at all, and how often."""

from starlette.requests import Request

from chassis.identity import UNAUTHENTICATED, Verifier
from chassis.kernel import Clock, Refused
from services.gateway.rates import Rates, network
from services.gateway.sign_in import PUBLIC
from services.gateway.transcoding.schema import Method
from services.gateway.transcoding.transcoder import Caller


class Admission:
    """Lets callers in by their access token. Rates are counted per person, else per address."""

    def __init__(self, verifier: Verifier, rates: Rates, clock: Clock) -> None:
        self._verifier = verifier
        self._rates = rates
        self._clock = clock

    async def to_method(self, request: Request, method: Method) -> Caller:
        """Return who calls a method; those that are open to everyone need no token."""
        if method.path in PUBLIC:
            return Caller(await self.anyone(request))
        return await self.signed_in(request)

    async def anyone(self, request: Request) -> str:
        """Return the caller's address; raises TOO_MANY_REQUESTS."""
        address = request.client.host if request.client else ""
        await self._rates.admit(f"address {network(address)}")
        return address

    async def signed_in(self, request: Request) -> Caller:
        """Return who calls; raises UNAUTHENTICATED and TOO_MANY_REQUESTS."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer" or not token:
                raise UNAUTHENTICATED.refuse()
            identity = self._verifier.verify(token, self._clock())
        except Refused:
            await self.anyone(request)
            raise
        await self._rates.admit(f"staff {identity.staff_id}")
        return Caller(request.client.host if request.client else "", identity, token)

    def still_in(self, caller: Caller) -> bool:
        """Whether the caller's token is still valid."""
        try:
            self._verifier.verify(caller.token, self._clock())
        except Refused:
            return False
        return True
