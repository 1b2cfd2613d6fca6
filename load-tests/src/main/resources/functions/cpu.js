// Plain computing: primes below 20,000 by a sieve, and a checksum over them.
export default {
  fetch(request) {
    const n = Number(new URL(request.url).searchParams.get('n'));
    const limit = 20000;
    const composite = new Uint8Array(limit);
    let sum = 0;
    for (let i = 2; i < limit; i++) {
      if (composite[i]) continue;
      sum = (sum * 31 + i * n) | 0;
      for (let j = i * i; j < limit; j += i) composite[j] = 1;
    }
    return new Response(String(sum));
  },
};
