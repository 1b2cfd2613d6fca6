package dev.verge.deploy.e2e;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** The pictures of the documentation, renewed with {@code -Dconsole.pictures=true}: those that its page of the console shows. */
final class ConsolePictures {
    private static final Path PAGE = Path.of("docs", "console.md");
    private static final Path FOLDER = Path.of("docs", "console");
    private static final int COLOURS = 256;

    /** Colours that differ in the bits below are one. */
    private static final int ALIKE = 0xF8F8F8;

    private static final int OPAQUE = 0xFF000000;

    private ConsolePictures() {}

    /** Keeps a picture if the page shows it, with as many colours as a byte tells apart. */
    static void keep(String name, byte[] png) {
        if (!Boolean.getBoolean("console.pictures")) {
            return;
        }
        try {
            String file = name + ".png";
            if (Files.readString(PAGE).contains("(console/" + file + ")")) {
                Files.createDirectories(FOLDER);
                write(quantised(ImageIO.read(new ByteArrayInputStream(png))), FOLDER.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage quantised(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
        int[] palette = palette(pixels);
        BufferedImage small = new BufferedImage(
                width,
                height,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, palette.length, palette, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE));
        byte[] indexes = ((DataBufferByte) small.getRaster().getDataBuffer()).getData();
        Map<Integer, Byte> nearest = new HashMap<>();
        for (int i = 0; i < pixels.length; i++) {
            indexes[i] = nearest.computeIfAbsent(pixels[i], pixel -> nearest(palette, pixel));
        }
        return small;
    }

    /** Of each group of like colours its most frequent one; the most frequent groups. */
    private static int[] palette(int[] pixels) {
        Map<Integer, Map<Integer, Integer>> groups = new HashMap<>();
        for (int pixel : pixels) {
            groups.computeIfAbsent(pixel & ALIKE, group -> new HashMap<>()).merge(pixel | OPAQUE, 1, Integer::sum);
        }
        return groups.values().stream()
                .sorted(Comparator.comparingInt((Map<Integer, Integer> group) -> group.values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                        .reversed())
                .limit(COLOURS)
                .mapToInt(group -> Objects.requireNonNull(group.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey()))
                .toArray();
    }

    private static byte nearest(int[] palette, int pixel) {
        int best = 0;
        int bestDistance = Integer.MAX_VALUE;
        for (int i = 0; i < palette.length && bestDistance > 0; i++) {
            int distance = 0;
            for (int shift : List.of(0, 8, 16)) {
                int apart = (palette[i] >> shift & 0xFF) - (pixel >> shift & 0xFF);
                distance += apart * apart;
            }
            if (distance < bestDistance) {
                best = i;
                bestDistance = distance;
            }
        }
        return (byte) best;
    }

    private static void write(BufferedImage picture, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam smallest = writer.getDefaultWriteParam();
        smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        smallest.setCompressionQuality(0);
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), smallest);
        } finally {
            writer.dispose();
        }
    }
}
