// A JSON document of about 10 KiB is read, changed and written again.
const rows = Array.from({ length: 120 }, (_, i) => ({ id: i, name: 'item ' + i, price: i * 1.25, tags: ['a', 'b'], stock: i % 7 }));
const text = JSON.stringify({ rows });

export default {
  fetch(request) {
    const n = Number(new URL(request.url).searchParams.get('n'));
    const document = JSON.parse(text);
    let total = 0;
    for (const row of document.rows) {
      row.price = Math.round(row.price * 100 * n) / 100;
      if (row.stock > 0) total += row.price;
    }
    return Response.json({ total, ...document });
  },
};
