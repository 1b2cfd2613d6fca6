package dev.verge.deploy.e2e;

import static dev.verge.deploy.e2e.ConsoleBrowser.accessible;
import static dev.verge.deploy.e2e.ConsoleBrowser.hidden;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked after in the console beside sites and functions: data, access, certificates, and what was done. */
interface ConsoleKeeping {
    ConsoleDesk desk();

    @Test
    default void keysAreWrittenShownAndKept() {
        ConsoleDesk desk = desk();
        String hostile = "<img src=x onerror=\"window.hit = 1\">";
        desk.open("/kv/prefs", "Key-value");
        desk.press("Add a key");
        desk.field("Key").fill("motd");
        desk.page().getByLabel("Value").fill(hostile);
        desk.confirm("Save");
        desk.pressInRow("motd", "Value");
        desk.page().locator("dialog pre").waitFor();
        assertThat(desk.page().locator("dialog pre").innerText()).isEqualTo(hostile);
        desk.page().keyboard().press("Escape");
    }

    @Test
    default void aTokenIsShownOnceAndRevoked() {
        ConsoleDesk desk = desk();
        desk.open("/tokens", "Tokens");
        desk.press("New token");
        desk.page().getByLabel("Name").fill("pipeline");
        desk.press("Make it");
        assertThat(desk.page().locator(".copyable code").innerText()).startsWith("vrg_");
        desk.page().keyboard().press("Escape");
        desk.pressInRow("pipeline", "Revoke");
        desk.confirm("Revoke");
        desk.page().getByText("Revoked").waitFor();
        assertThat(desk.page().content()).doesNotContain("vrg_");
    }

    @Test
    default void aNodeIsDrainedAndTakenBack() {
        ConsoleDesk desk = desk();
        desk.open("/nodes", "Nodes");
        desk.pressInRow("node-0", "Drain");
        desk.confirm("Drain");
        desk.row("node-0").getByText("drained").waitFor();
        desk.browser().shot(desk.page(), "node-drained");
        desk.pressInRow("node-0", "Take back into service");
        desk.row("node-0").getByText("serving").waitFor();
    }

    @Test
    default void anAccountIsRemovedByWhoTypesItsName() {
        ConsoleDesk desk = desk();
        desk.open("/accounts", "Accounts");
        desk.press("New account");
        desk.page().getByLabel("Name").fill("leaving");
        desk.confirm("Make it");
        desk.pressInRow("leaving", "Remove");
        desk.press("Remove the account");
        desk.page().getByText("Type leaving").waitFor();
        desk.browser().shot(desk.page(), "account-removal");
        desk.page().getByLabel("Type its name").fill("leaving");
        desk.confirm("Remove the account");
        desk.row("leaving").waitFor(hidden());
    }

    @Test
    default void aCertificateIsUploadedAndSaysWhenItEnds(@TempDir Path folder) throws IOException {
        ConsoleDesk desk = desk();
        Page page = desk.page();
        ConsoleSeed.Certificate certificate = ConsoleSeed.certificate(folder, "shop.example", 21);
        desk.open("/certificates", "Certificates");
        page.locator(".head .button.primary").click();
        desk.field("Name").fill("shop");
        desk.field("Chain (PEM)").fill(certificate.chain());
        desk.field("Private key (PEM)").fill(certificate.key());
        desk.confirm("Upload");
        desk.row("shop").getByText("20 days left").waitFor();
        assertThat(page.content()).doesNotContain("PRIVATE KEY");
        desk.browser().shot(page, "certificate");
        accessible(page, "certificates");
        desk.pressInRow("shop", "Details");
        page.locator("dialog").getByText("shop.example").first().waitFor();
        page.keyboard().press("Escape");
    }

    @Test
    default void whatWasDoneIsFoundAgain() throws IOException {
        ConsoleDesk desk = desk();
        ConsoleSeed seed = new ConsoleSeed(desk.platform());
        seed.put("/v1/sites/audited", "application/yaml", seed.site("audited", "audited.example"));
        desk.open("/audit", "Audit");
        desk.page().getByLabel("Filter").fill("stored site audited");
        desk.row("stored version 1 of site audited").waitFor();
        assertThat(desk.page().locator("tbody tr").count()).isEqualTo(1);
        desk.press("Details");
        desk.page().locator("dialog").getByText("audited.example").first().waitFor();
        desk.page().keyboard().press("Escape");
    }
}
