"""AccountService: who may sign in. For administrators; one's own password for everyone."""

from collections.abc import Mapping

from anyio import to_thread
from crm.gateway.v1 import gateway_pb2 as pb

from chassis import paging
from chassis.db import Database
from chassis.identity import UNAUTHENTICATED
from chassis.kernel import ADMINISTRATOR, FORBIDDEN, Clock, Identity, Violation
from services.gateway.app import accounts
from services.gateway.backends import Handler
from services.gateway.directory import Directory
from services.gateway.domain import reasons
from services.gateway.domain.accounts import (
    BAD_ACCOUNT,
    canonical_password,
    canonical_username,
    check_password,
    check_username,
)
from services.gateway.passwords import Passwords
from services.gateway.rates import Rates
from services.gateway.sign_in import read
from services.gateway.transcoding.transcoder import Call

SERVICE = "/crm.gateway.v1.AccountService/"


class Accounts:
    """The servicer. Permission is checked before anything is looked up."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        rates: Rates,
        directory: Directory,
        clock: Clock,
        least_password: int,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._rates = rates
        self._directory = directory
        self._clock = clock
        self._least = least_password

    def handlers(self) -> Mapping[str, Handler]:
        """Return the methods by gRPC path."""
        return {
            f"{SERVICE}CreateAccount": self.create,
            f"{SERVICE}ListAccounts": self.list_accounts,
            f"{SERVICE}SetPassword": self.set_password,
            f"{SERVICE}DisableAccount": self.disable,
            f"{SERVICE}EnableAccount": self.enable,
        }

    async def create(self, call: Call) -> pb.CreateAccountResponse:
        """Add an account for a person who is in the directory."""
        _administrator(call)
        request = read(call, pb.CreateAccountRequest)
        name = canonical_username(request.username)
        self._check(check_username(name), request.password, name, "password")
        await self._directory.person(request.staff_id, dict(call.metadata)["traceparent"])
        password_hash = await self._passwords.hash(request.password)
        now = self._clock()
        await to_thread.run_sync(
            accounts.add_account, self._database, name, password_hash, request.staff_id, now
        )
        return pb.CreateAccountResponse(account=await self._read(name))

    async def list_accounts(self, call: Call) -> pb.ListAccountsResponse:
        """Return a page of accounts."""
        _administrator(call)
        request = read(call, pb.ListAccountsRequest)
        size = paging.page_size(request)
        after = paging.read_token(request)
        found, total = await to_thread.run_sync(
            accounts.list_accounts,
            self._database,
            request.query,
            request.disabled,
            after[0] if after else "",
            size + 1,
        )
        rows, token = paging.cut(request, found, size, lambda last: (last["username"],))
        return pb.ListAccountsResponse(
            accounts=[_account(row) for row in rows], next_page_token=token, total_size=total
        )

    async def set_password(self, call: Call) -> pb.SetPasswordResponse:
        """Replace a password: one's own with the one so far, anybody's as administrator."""
        identity = _signed_in(call)
        request = read(call, pb.SetPasswordRequest)
        name = canonical_username(request.username)
        account = await to_thread.run_sync(accounts.find_account, self._database, name)
        if account is not None and account["staff_id"] == identity.staff_id:
            await self._rates.attempt(name, call.caller.address)
            right = await self._passwords.matches(
                account["password_hash"], request.current_password
            )
            if not right:
                raise reasons.WRONG_PASSWORD.refuse()
            await self._rates.succeeded(name)
        else:
            _administrator(call)
        if account is None:
            raise reasons.NO_SUCH_ACCOUNT.refuse()
        self._check([], request.new_password, name, "new_password")
        password_hash = await self._passwords.hash(request.new_password)
        await to_thread.run_sync(
            accounts.set_password, self._database, name, password_hash, self._clock()
        )
        return pb.SetPasswordResponse(account=await self._read(name))

    async def disable(self, call: Call) -> pb.DisableAccountResponse:
        """Refuse further sign-ins of an account."""
        _administrator(call)
        name = canonical_username(read(call, pb.DisableAccountRequest).username)
        await to_thread.run_sync(accounts.set_disabled, self._database, name, True, self._clock())
        return pb.DisableAccountResponse(account=await self._read(name))

    async def enable(self, call: Call) -> pb.EnableAccountResponse:
        """Allow sign-ins of an account again."""
        _administrator(call)
        name = canonical_username(read(call, pb.EnableAccountRequest).username)
        await to_thread.run_sync(accounts.set_disabled, self._database, name, False, self._clock())
        return pb.EnableAccountResponse(account=await self._read(name))

    def _check(self, violations: list[Violation], password: str, name: str, field: str) -> None:
        secret = canonical_password(password)
        found = violations + check_password(secret, name, self._least, field)
        if found:
            raise BAD_ACCOUNT.refuse(violations=found)

    async def _read(self, username: str) -> pb.Account:
        row = await to_thread.run_sync(accounts.find_account, self._database, username)
        if row is None:
            raise reasons.NO_SUCH_ACCOUNT.refuse()
        return _account(row)


def _signed_in(call: Call) -> Identity:
    if call.caller.identity is None:
        raise UNAUTHENTICATED.refuse()
    return call.caller.identity


def _administrator(call: Call) -> None:
    if not _signed_in(call).has(ADMINISTRATOR):
        raise FORBIDDEN.refuse()


def _account(row: accounts.Row) -> pb.Account:
    account = pb.Account(
        username=row["username"],
        staff_id=row["staff_id"],
        disabled=row["disabled_at"] is not None,
    )
    account.create_time.FromDatetime(row["created_at"])
    return account
