/**
 * Width and height of a PNG, JPEG or GIF, read from its head without decoding it; null for anything else.
 *
 * @param {Uint8Array} bytes
 * @returns {{type: string, width: number, height: number} | null}
 */
export function sizeOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) {
    return { type: "png", width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (bytes.length >= 10 && view.getUint32(0) === 0x47494638) {
    return { type: "gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  if (bytes.length >= 4 && view.getUint16(0) === 0xffd8) {
    for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
      // The frame header, of any kind but the tables between them.
      if (bytes[at + 1] >= 0xc0 && bytes[at + 1] <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(bytes[at + 1])) {
        return { type: "jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
      }
    }
  }
  return null;
}

/**
 * The largest box of the same shape whose longer side has at most so many pixels; never larger than the image.
 *
 * @param {{width: number, height: number}} size
 * @param {number} largest
 */
export function thumbnail({ width, height }, largest) {
  const scale = Math.min(1, largest / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
