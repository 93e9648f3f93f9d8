r"""What the lake server writes into its log: the events, and of exceptions their kind and place.

Messages of exceptions are withheld: a failed cast quotes the value (`[CAST_INVALID_INPUT] The value '…'`), a broken
constraint the whole row. Whoever ran the query is told them over Spark Connect, and `lake` keeps them in a file of
mode 0600 where they were not expected.
"""

from pathlib import Path

_MESSAGE = r"(?s)([\w.$]+(?:Exception|Error)|\[[A-Z][A-Z0-9_.]{4,}\])[:( ].*"
"""Within an event's own text: from the first exception or error condition on."""
_THROWABLE = (
    r"(?ms)^(\t*(?:Caused by: |Suppressed: )?[\w.$]+): .*?(?=^\t+at [\w.$/]+\(|^\t+\.\.\. \d|^\t*Caused by: |\z)"
)
"""In a stack trace: what stands between the name of an exception and its first place in the code."""

_LOG4J2 = r"""
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {log}
appender.file.filePattern = {log}.%i
appender.file.filePermissions = rw-------
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = {pattern}
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 20MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 5
logger.hiveconf.name = org.apache.hadoop.hive.conf
logger.hiveconf.level = error
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
"""


def log4j2_properties(log: Path) -> str:
    """The settings of the server's log, for a file of its own that turns over at 20 MB and keeps five."""
    message = f"%replace{{%m}}{{{_MESSAGE}}}{{$1 (its message is withheld)}}"
    throwable = f"%replace{{%ex}}{{{_THROWABLE}}}{{$1\n}}"
    pattern = f"%d{{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}} %p %c{{1}}: {message}%n{throwable}"
    return _LOG4J2.format(log=log, pattern=_in_properties(pattern)).lstrip()


def _in_properties(text: str) -> str:
    """A value as java.util.Properties reads it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
