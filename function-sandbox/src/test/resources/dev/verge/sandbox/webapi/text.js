const decode = (label, ...values) => new TextDecoder(label).decode(bytes(...values));
check('labels name encodings', async () => {
  same(['latin1', ' UTF8 ', 'unicode', 'sjis', 'gb2312', 'x-cp1251', 'ks_c_5601-1987'].map((label) => new TextDecoder(label).encoding),
    ['windows-1252', 'utf-8', 'utf-16le', 'shift_jis', 'gbk', 'windows-1251', 'euc-kr']);
  await fails('RangeError', () => new TextDecoder('nope'));
  await fails('RangeError', () => new TextDecoder('replacement'));
});
check('single bytes are characters', async () => {
  same(decode('windows-1252', 0x80, 0x81, 0xe9), '€\u0081é');
  same(decode('koi8-r', 0xc1), 'а');
  same(decode('x-user-defined', 0x80), '\uf780');
  await fails('TypeError', () => new TextDecoder('windows-1253', { fatal: true }).decode(bytes(0xaa)));
});
check('several bytes are characters, and what is none is replaced', async () => {
  same(decode('shift_jis', 0x82, 0xa0, 0xb1), 'あｱ');
  same(decode('euc-jp', 0xa4, 0xa2, 0x8f, 0xb0, 0xa1), 'あ丂');
  same(decode('gb18030', 0xc4, 0xe3, 0x81, 0x30, 0x81, 0x30), '你\u0080');
  same(decode('big5', 0xa7, 0x41), '你');
  same(decode('euc-kr', 0xb0, 0xa1), '가');
  same(decode('iso-2022-jp', 0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0x61), 'あa');
  same(decode('shift_jis', 0x82, 0x41), '\ufffdA');
});
check('a character may be split between chunks', async () => {
  same(decode('windows-1255', 0xca), '\u05ba');
  same(decode('iso-8859-10', 0xa1, 0xff), 'Ąĸ');
  same(decode('iso-8859-14', 0xa1, 0xf0), 'Ḃŵ');
  for (let cut = 0; cut <= 8; cut++) {
    const utf16 = new TextDecoder('utf-16be'), all = bytes(0xfe, 0xff, 0, 0x61, 0xd8, 0x3d, 0xde, 0);
    same(utf16.decode(all.subarray(0, cut), { stream: true }) + utf16.decode(all.subarray(cut)), 'a\ud83d\ude00');
  }
  same(new TextDecoder('utf-16le').decode(bytes(0x61, 0, 0x62)), 'a\ufffd');
  const decoder = new TextDecoder('shift_jis');
  same(decoder.decode(bytes(0x82), { stream: true }) + decoder.decode(bytes(0xa0), { stream: true }) + decoder.decode(), 'あ');
  const utf8 = new TextDecoder();
  same(utf8.decode(bytes(0xe2, 0x82), { stream: true }) + utf8.decode(bytes(0xac)), '€');
});
check('gb18030 has what the edition of 2022 moved, at both places', async () => {
  same(decode('gb18030', 0xa6, 0xd9, 0xfe, 0x59, 0xa8, 0xbc, 0xa3, 0xa0), '\ufe10\u9fb4\u1e3f\u3000');
  same(decode('gbk', 0x82, 0x35, 0x90, 0x37, 0x82, 0x35, 0x91, 0x34, 0x84, 0x31, 0x82, 0x36, 0x84, 0x31, 0x83, 0x35),
    '\u9fb4\u9fbb\ufe10\ufe19');
  same(decode('gb18030', 0x82, 0x35, 0x91, 0x35, 0x84, 0x31, 0x83, 0x36), '\u9fbc\ufe1a');
});
check('streams encode and decode', async () => {
  const halves = ReadableStream.from(['\ud83d', '\ude00 é']).pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream());
  same((await read(halves)).join(''), '😀 é');
});
check('base64 forgives', async () => {
  same([atob(' aGk '), btoa('hi'), atob('')], ['hi', 'aGk=', '']);
  await fails('InvalidCharacterError', () => btoa('€'));
  for (const wrong of ['a', 'aGk===', 'aG=k', '=']) await fails('InvalidCharacterError', () => atob(wrong));
});
