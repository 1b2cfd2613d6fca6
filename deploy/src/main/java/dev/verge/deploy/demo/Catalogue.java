package dev.verge.deploy.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** What the demo's JSON API sells. */
final class Catalogue {
    /**
     * One thing on sale.
     *
     * @param id positive, unique
     * @param priceCents in euro cents
     */
    record Product(int id, String name, String category, int priceCents, int stock) {
        JsonObject toJson() {
            return new JsonObject()
                    .put("id", id)
                    .put("name", name)
                    .put("category", category)
                    .put("priceCents", priceCents)
                    .put("currency", "EUR")
                    .put("stock", stock);
        }
    }

    private static final List<Product> PRODUCTS = List.of(
            new Product(1, "Slide clicker", "hardware", 2490, 38),
            new Product(2, "Portable projector", "hardware", 34900, 5),
            new Product(3, "Stage microphone", "hardware", 8950, 12),
            new Product(4, "Confidence monitor", "hardware", 17900, 7),
            new Product(5, "Speaker notes pad", "paper", 690, 240),
            new Product(6, "Whiteboard markers, 8 colours", "paper", 1190, 96),
            new Product(7, "Poster print, A0", "paper", 3900, 1000),
            new Product(8, "Slide design review", "service", 12000, 4),
            new Product(9, "Rehearsal with a coach", "service", 18000, 2),
            new Product(10, "Live captioning, per hour", "service", 9500, 6),
            new Product(11, "Theme pack: Solarized", "download", 900, 9999),
            new Product(12, "Theme pack: League", "download", 900, 9999));

    private Catalogue() {}

    static JsonArray all() {
        JsonArray products = new JsonArray();
        PRODUCTS.forEach(product -> products.add(product.toJson()));
        return products;
    }

    static Optional<Product> find(String id) {
        return PRODUCTS.stream()
                .filter(product -> Integer.toString(product.id()).equals(id))
                .findFirst();
    }
}
