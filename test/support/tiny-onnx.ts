/**
 * Writes the smallest token classifier there is: it looks the labels' scores of each piece up in a table. Field numbers are
 * those of onnx.proto3 (ONNX 1.8, opset 13).
 */
export function tinyOnnxModel(scores: readonly (readonly number[])[]): Uint8Array {
  const labels = scores[0]?.length ?? 0;
  const table = [
    ...int(1, scores.length),
    ...int(1, labels),
    ...int(2, 1),
    ...text(8, 'table'),
    ...bytes(9, new Uint8Array(Float32Array.from(scores.flat()).buffer)),
  ];
  const gather = [...text(1, 'table'), ...text(1, 'input_ids'), ...text(2, 'logits'), ...text(4, 'Gather')];
  const graph = [
    ...bytes(1, gather),
    ...text(2, 'tagger'),
    ...bytes(5, table),
    ...bytes(11, value('input_ids', 7, ['batch', 'pieces'])),
    ...bytes(11, value('attention_mask', 7, ['batch', 'pieces'])),
    ...bytes(12, value('logits', 1, ['batch', 'pieces', labels])),
  ];
  return Uint8Array.from([...int(1, 8), ...bytes(7, graph), ...bytes(8, int(2, 13))]);
}

function value(name: string, elementType: number, shape: readonly (string | number)[]): number[] {
  const dims = shape.flatMap((dim) => bytes(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  return [...text(1, name), ...bytes(2, bytes(1, [...int(1, elementType), ...bytes(2, dims)]))];
}

function varint(number: number): number[] {
  return number < 128 ? [number] : [(number & 127) | 128, ...varint(number >>> 7)];
}
const int = (field: number, number: number) => [...varint(field << 3), ...varint(number)];
const bytes = (field: number, content: Iterable<number>) => {
  const list = [...content];
  return [...varint((field << 3) | 2), ...varint(list.length), ...list];
};
const text = (field: number, content: string) => bytes(field, new TextEncoder().encode(content));
