"""Whose fault a failure is: one object's, or that of machine, store or database, which every object would meet."""

import errno

from sqlalchemy.exc import OperationalError

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage.objects import OF_ONE_OBJECT

TRIES = 3
"""What cannot be handled so often is answered as it is."""
_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS}


class NoRoom(LakeError):  # noqa: N818  (an outcome that intake expects)
    """The disk has no room for this delivery; smaller ones go on, and this one when there is."""


def is_of_the_machine(error: BaseException) -> bool:
    """Trying another object would end the same way."""
    if isinstance(error, LakeError):
        return not isinstance(error, OF_ONE_OBJECT)
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        return True
    return isinstance(error, OperationalError) or "No space left on device" in str(error)
