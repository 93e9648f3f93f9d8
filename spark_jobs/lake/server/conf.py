"""The lake server's configuration folder: what one JVM needs to serve Spark Connect.

Everything goes through files of mode 0600: no key shows in the process list, and none is in the environment, which
every expression of SQL can read.
"""

import os
import secrets
from pathlib import Path

from spark_jobs.base.privacy import PRIVATE
from spark_jobs.base.settings import CITY_TIME, PROJECT, Settings
from spark_jobs.lake.server.server_log import log4j2_properties
from spark_jobs.lake.storage.table_properties import DELTA_TABLE_PROPERTIES, DICTIONARY_BYTES

JARS = PROJECT / "infra" / "jars" / "lib"
SESSION_TIME_ZONE = CITY_TIME.key
WITHOUT_CALL_SITES = {"spark.python.sql.dataFrameDebugging.enabled": "false"}
"""PySpark sends with every expression the line of Python that made it, and looks for IPython each time."""
_PASSED_ON = ("PATH", "JAVA_HOME", "JDK_JAVA_OPTIONS", "LANG", "LC_ALL", "HADOOP_CONF_DIR", "KUBECONFIG")
"""What the JVM is given of this process's environment: where programs are, its language, and where a cluster is."""


def private_file(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def connect_token(at: Settings) -> str:
    """The shared key of this lake home, which every client of the lake server must show; made on first use."""
    path = at.home / "secrets" / "connect-token"
    if not path.exists():
        private_file(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()


def write_conf(at: Settings) -> Path:
    """Write the configuration folder of the server and give its path."""
    conf = at.home / "secrets" / "lake-server"
    token = {"spark.connect.authenticate.token": connect_token(at)}
    private_file(conf / "spark-defaults.conf", _properties(spark_properties(at) | token))
    private_file(_s3_keys_file(at), _s3_keys(at))
    private_file(conf / "log4j2.properties", log4j2_properties(at.home / "logs" / "lake-server.log"))
    for folder in ("logs", "run", "spark-local", "warehouse"):
        (at.home / folder).mkdir(parents=True, exist_ok=True)
    return conf


def environment(conf: Path, spark_home: Path) -> dict[str, str]:
    """Environment of the JVM: nothing but what it needs, and nothing secret."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed_on | {"SPARK_CONF_DIR": str(conf), "SPARK_HOME": str(spark_home)}


def spark_properties(at: Settings) -> dict[str, str]:
    """Settings of the Spark application that are no secret."""
    cores = os.cpu_count() or 2
    java = f"-XX:+UseParallelGC -Duser.timezone={SESSION_TIME_ZONE}"
    found = {
        "spark.app.name": "lake-server",
        "spark.master": at.spark_master,
        "spark.driver.memory": at.driver_memory,
        "spark.driver.extraJavaOptions": java,
        "spark.driver.extraClassPath": f"{JARS}/*",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(at.connect_port),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        # Hive's would outlive the server, and opens its database anew for each statement: a tenth of a build of the
        # warehouse and a quarter of a start.
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.sources.default": "delta",
        "spark.sql.warehouse.dir": str(at.home / "warehouse"),
        "spark.sql.session.timeZone": SESSION_TIME_ZONE,
        "spark.sql.shuffle.partitions": str(cores * 2),
        "spark.scheduler.mode": "FAIR",
        "spark.local.dir": str(at.home / "spark-local"),
        "spark.ui.enabled": "false",
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        # Hadoop sets the mode of each file by a umask of its own, 022 by default.
        "spark.hadoop.fs.permissions.umask-mode": f"{PRIVATE:03o}",
        # HotSpot compiles no method beyond 8,000 bytes: it would run interpreted, far slower than the same work in
        # several methods, which is what Spark makes of a stage that it does not generate as a whole.
        "spark.sql.codegen.hugeMethodLimit": "8000",
        # INT96 by default, in which delta-rs and DataFusion find other moments than Spark wrote, beyond the year 2262.
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.hadoop.parquet.dictionary.page.size": str(DICTIONARY_BYTES),
        # 100 by default: the plans of one night are more, and each is the next night's again.
        "spark.sql.codegen.cache.maxEntries": "1000",
        # 10,000 by default: so many tasks ran for each small table that was vacuumed, half a minute of both cores.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": str(cores * 2),
        # Delta keeps a list of a table's files with each commit, and outside UTC reads the whole log back to check it:
        # an append of a few rows took 0.5 CPU-seconds with that list and takes 0.13 without.
        "spark.databricks.delta.allFilesInCrc.enabled": "false",
        # 50 by default, which costs seconds on every small table of a small machine: each task generates its code anew.
        "spark.databricks.delta.snapshotPartitions": str(max(cores // 4, 1)),
        **WITHOUT_CALL_SITES,
    }
    found |= {
        f"spark.databricks.delta.properties.defaults.{name.removeprefix('delta.')}": value
        for name, value in DELTA_TABLE_PROPERTIES.items()
    }
    if at.spark_master.startswith("local"):
        # The driver's own ports too answer only this machine, and only who knows a key made at start.
        found |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        found |= {"spark.authenticate": "true"}
    else:
        found |= {"spark.jars": ",".join(str(jar) for jar in sorted(JARS.glob("*.jar")))}
    return found | _s3_properties(at)


def _s3_properties(at: Settings) -> dict[str, str]:
    if at.s3_endpoint is None:
        return {}
    s3a = {
        "endpoint": at.s3_endpoint,
        "endpoint.region": at.s3_region,
        "path.style.access": "true",
        "connection.ssl.enabled": str(at.s3_endpoint.startswith("https")).lower(),
        # The keys come by a file: a property could be read back with SQL's SET.
        "aws.credentials.provider": "org.apache.hadoop.fs.s3a.auth.ProfileAWSCredentialsProvider",
        "auth.profile.file": str(_s3_keys_file(at)),
        "auth.profile.name": "default",
    }
    return {f"spark.hadoop.fs.s3a.{name}": value for name, value in s3a.items()}


def _s3_keys_file(at: Settings) -> Path:
    return at.home.absolute() / "secrets" / "lake-server" / "s3-keys"


def _s3_keys(at: Settings) -> str:
    """The store's keys as AWS's tools keep them; empty where the lake is a folder."""
    if at.s3_access_key is None or at.s3_secret_key is None:
        return ""
    secret = at.s3_secret_key.get_secret_value()
    return f"[default]\naws_access_key_id = {at.s3_access_key}\naws_secret_access_key = {secret}\n"


def _properties(pairs: dict[str, str]) -> str:
    return "".join(f"{name} {value}\n" for name, value in pairs.items())
