"""The secure channel of programmer and pump: CoAP over UDP, protected by OSCORE, keyed by EDHOC at every visit.

How a visit goes, in the order of the messages on the wire:

1. programmer -> pump: EDHOC message 1 (an ephemeral key), to ``/.well-known/edhoc``. Anybody can send one, so a pump
   keeps few of them, for a short time, and forgets the oldest first.
2. pump -> programmer: EDHOC message 2. The programmer accepts only the credential pinned at pairing.
3. programmer -> pump: EDHOC message 3. The pump accepts only a pinned credential; its role comes from there.
4. Both ends mix in the secret of the implant card and derive OSCORE keys that live in memory only.
5. programmer -> pump: a first protected request (``GET /visit``). Only a holder of the card secret can make one that
   the pump can read, and only such a pump can answer it. Now the visit is open.
6. Protected requests (``POST /pump``), then ``DELETE /visit``.

Everything else is refused with 4.01 and no words. This package imports nothing by itself: a pump process that only
reads its keyring does not pay for the protocol.
"""
