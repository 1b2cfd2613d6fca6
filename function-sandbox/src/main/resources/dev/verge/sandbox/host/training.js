// A little of what functions use now and then: an archive for hosts then has its classes.
import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';

const html = '<ul class="list"><li>one</li><li>two</li></ul>';
const steps = [
  () => structuredClone({ list: [new Date(0), new Map([[1, 2]]), /a+/u], big: 2n ** 70n }),
  () => new HTMLRewriter().on('ul.list > li', { element: (one) => one.setAttribute('seen', 'yes') }).transform(new Response(html)).text(),
  () => new URLPattern({ pathname: '/item/:id' }).exec('https://verge.example/item/7'),
  () => crypto.subtle.digest('SHA-256', new Uint8Array(8)),
  () => new Response(new Blob(['text']).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  () => new Response(new URLSearchParams({ a: '1' })).formData(),
  () => new TextDecoder('gb18030').decode(new Uint8Array([0xc4, 0xe3])),
  () => new TextDecoder('windows-1252').decode(new Uint8Array([0x80])),
  () => Buffer.from('text').toString('base64'),
  () => new EventEmitter().on('one', () => {}).emit('one'),
  () => new Intl.DateTimeFormat('en-US', { dateStyle: 'full' }).format(new Date(0)) + new Intl.NumberFormat('en-US').format(1e6),
  () => 'a-b_c'.replace(/[-_](?<next>\w)/gu, (...match) => match.at(-1).next.toUpperCase()).localeCompare('b'),
  () => console.log('%s %o', 'text', { nested: { list: [1, 2] } }),
  () => performance.mark('one'),
  () => new Promise((resolve) => setTimeout(resolve, 1)),
  () => AbortSignal.timeout(10_000),
  () => new MessageChannel().port1.postMessage('one'),
  () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  () => { throw new TypeError('of the training'); },
];

export default {
  async fetch(request) {
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        console.error(error);
      }
    }
    return new Response(request.body);
  },
};
