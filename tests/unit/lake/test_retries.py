"""An answer of an engine that cannot be read is asked for again where asking changes nothing."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from pyspark.errors.exceptions.connect import SparkConnectGrpcException
from pyspark.sql.connect.proto import base_pb2 as messages

from spark_jobs.lake.sail.session import connected

NOT_A_MESSAGE = b"\xff"
SETTING = "spark.some.setting"


class Engine(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answers as a Spark Connect server, but for some answers that are no messages."""

    def __init__(self, door: Path) -> None:
        self.unreadable: Counter[str] = Counter()
        self.asked: list[str] = []
        self._server = grpc.server(ThreadPoolExecutor(2))
        self._server.add_generic_rpc_handlers((self,))
        self._server.add_insecure_port(f"unix:{door}")
        self._server.start()

    def service(self, call: grpc.HandlerCallDetails) -> Any:
        name = call.method.rpartition("/")[2]
        if name == "ExecutePlan":
            return grpc.unary_stream_rpc_method_handler(lambda *_: iter([self._answer(name, b"")]))
        return grpc.unary_unary_rpc_method_handler(lambda asked, _: self._answer(name, asked))

    def stop(self) -> None:
        self._server.stop(None).wait()

    def _answer(self, name: str, asked: bytes) -> bytes:
        self.asked.append(name)
        if self.unreadable[name]:
            self.unreadable[name] -= 1
            return NOT_A_MESSAGE
        if name != "Config":
            return b""
        session = messages.ConfigRequest.FromString(asked).session_id
        pair = messages.KeyValue(key=SETTING, value="read")
        return bytes(messages.ConfigResponse(session_id=session, pairs=[pair]).SerializeToString())


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    serving = Engine(tmp_path / "door")
    yield serving
    serving.stop()


def test_a_question_is_asked_again(engine: Engine, tmp_path: Path) -> None:
    with connected(tmp_path / "door") as spark:
        engine.unreadable["Config"], engine.asked = 2, []
        assert spark.conf.get(SETTING) == "read"
        assert engine.asked == ["Config"] * 3


def test_not_for_ever(engine: Engine, tmp_path: Path) -> None:
    with connected(tmp_path / "door") as spark:
        engine.unreadable["Config"] = 3
        with pytest.raises(SparkConnectGrpcException, match="deserializing"), pytest.warns(match="RETRIES_EXCEEDED"):
            spark.conf.get(SETTING)


def test_a_plan_is_not_run_again(engine: Engine, tmp_path: Path) -> None:
    with connected(tmp_path / "door") as spark:
        engine.unreadable["ExecutePlan"], engine.asked = 1, []
        with pytest.raises(SparkConnectGrpcException, match="deserializing"):
            spark.range(1).collect()
        assert [each for each in engine.asked if "Execute" in each and "Release" not in each] == ["ExecutePlan"]
