package dev.verge.control.site;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.api.Call;
import dev.verge.sync.binding.DocumentText;

/**
 * A document as its owner sent it, and what it says.
 *
 * @param text byte for byte
 */
record Written(String text, String mediaType, JsonNode tree) {

    /** One that has come; ends the call when it is neither YAML nor JSON. */
    static Written of(String text, String mediaType) {
        return new Written(text, mediaType, Call.value(DocumentText.parse(text)));
    }

    /** One that is stored. */
    static Written of(SiteTable.Version version) {
        return of(version.text(), version.mediaType());
    }

    /** What it says, by itself; ends the call with every mistake. */
    Accepted read() {
        return new Accepted(Accepted.read(tree));
    }
}
