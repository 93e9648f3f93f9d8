"""The records of an XML document by its parser (libxml2), which reads no entity, no DTD and no other file."""

from collections.abc import Iterator

from lxml import etree

from expectations.rejections import DeliveryRejected

_SAID = {
    "ERR_TAG_NAME_MISMATCH": "标签没有配对",
    "ERR_TAG_NOT_FINISHED": "文件在元素结束之前中断",
    "ERR_DOCUMENT_END": "文件中断，或末尾有多余内容",
    "ERR_DOCUMENT_EMPTY": "文件没有内容",
    "ERR_UNDECLARED_ENTITY": "含有未定义的实体；& 应写作 &amp;",
    "ERR_ENTITYREF_SEMICOL_MISSING": "& 应写作 &amp;",
    "ERR_NAME_REQUIRED": "& 应写作 &amp;，< 应写作 &lt;",
    "ERR_INVALID_CHAR": "含有 XML 不允许的控制字符",
    "ERR_INVALID_CHARREF": "字符引用不是 XML 允许的字符",
    "ERR_ATTRIBUTE_REDEFINED": "属性重复",
    "NS_ERR_UNDEFINED_NAMESPACE": "命名空间前缀没有声明",
}
"""What libxml2 finds, in Chinese; its own messages quote the document."""


class RecordElements:
    """Takes in a document bit by bit, and gives its records as elements.

    Args:
        path: local names from the root to the record.
    """

    def __init__(self, path: list[str]) -> None:
        self._path = path
        self._parser = etree.XMLPullParser(
            events=("start", "end"),
            tag=[f"{{*}}{path[0]}", f"{{*}}{path[-1]}"],
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._root: etree._Element | None = None
        self._parent: etree._Element | None = None

    def feed(self, text: bytes) -> Iterator[etree._Element]:
        """The records that end in the next text; each is emptied when the one after it is asked for.

        Raises:
            DeliveryRejected: `xml_malformed`.
        """
        try:
            self._parser.feed(text)
        except etree.XMLSyntaxError as error:
            raise _rejection(error) from error
        yield from self._taken()
        self._forget()

    def close(self) -> Iterator[etree._Element]:
        """The records that end with the document.

        Raises:
            DeliveryRejected: `xml_malformed`.
        """
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            raise _rejection(error) from error
        yield from self._taken()

    def _taken(self) -> Iterator[etree._Element]:
        for event, element in self._parser.read_events():
            if self._root is None:
                self._root = element
            if event == "end" and self._is_record(element):
                yield element
                element.clear(keep_tail=True)

    def _is_record(self, element: etree._Element) -> bool:
        parent = element.getparent()
        if parent is not None and parent is self._parent:
            return _local(element) == self._path[-1]
        if [_local(each) for each in (element, *element.iterancestors())] != self._path[::-1]:
            return False
        self._parent = parent
        return True

    def _forget(self) -> None:
        """Drop what has been read, but for the elements that are open, each of which is its parent's last."""
        node = self._root
        while node is not None and len(node) and not self._is_record(node):
            if len(node) > 1:
                del node[:-1]
            node = node[-1]


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _rejection(error: etree.XMLSyntaxError) -> DeliveryRejected:
    """Why the document is none, without its text."""
    kind = etree.ErrorTypes._getName(error.code, "") if error.code else ""
    if kind == "ERR_NO_MEMORY":
        raise MemoryError from error
    line, column = error.position
    return DeliveryRejected(
        "xml_malformed", place=f"第 {line} 行第 {column} 列附近", detail=_SAID.get(kind, "不合 XML 语法")
    )
