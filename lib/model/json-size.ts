/** Bytes of the value as compact JSON in UTF-8. */
export function sizeOf(value: unknown): number {
  const text = JSON.stringify(value);
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    const isSurrogate = code >= 0xd800 && code < 0xe000;
    size += code < 0x800 || isSurrogate ? 1 : 2; // a pair of surrogates is four bytes
  }
  return size;
}
