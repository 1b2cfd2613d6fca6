package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.ControlPlaneConfig;
import dev.verge.control.resource.AccountLimits;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.ReferenceTable;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.document.SiteDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference of settings is what their declarations say. {@code -Dreference.write=true} writes it anew. */
class ReferencePageTest {
    private static final Path PAGE = Path.of("docs", "reference.md");

    @Test
    void everySettingStandsThereAsItIsDeclared() throws IOException {
        String page = """
                # Settings

                Made from the declarations in the code, from which validation, defaults and the JSON Schema in `/v1/openapi.json` come too. Durations are
                written `250ms`, `10s`, `5m`, `1h`, `1d`; sizes are a number or `64KiB`, `1GiB`. Unknown fields are refused. In a path `NAME` is a name
                that you choose, and `[]` each element of a list.

                ## Site document

                """
                + ReferenceTable.markdown(SiteDocument.class)
                + "\n## function.yaml and metadata of a push\n\n"
                + "`name` and `schedules` besides, in a folder ([example](../README.md#use)).\n\n"
                + ReferenceTable.markdown(FunctionManifest.class)
                + "\n## node.yaml\n\n"
                + ReferenceTable.markdown(NodeConfig.class)
                + "\n## control-plane.yaml\n\n"
                + ReferenceTable.markdown(ControlPlaneConfig.class)
                + "\n## Limits of an account\n\n`PUT /v1/accounts/NAME/limits`, `verge account limits NAME`.\n\n"
                + ReferenceTable.markdown(AccountLimits.class);
        // A pattern's brackets are no link.
        page = page.replace("](", "]\\(").replace("([example]\\(", "([example](");
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page);
    }
}
