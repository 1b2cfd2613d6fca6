package dev.verge.deploy.e2e;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** Who is signed in to a console in a browser. */
record ConsoleDesk(Platform platform, ConsoleBrowser browser, Page page) {

    /** Opens a page by its address and waits for its heading. */
    void open(String address, String heading) {
        browser.open(page, address, heading);
    }

    /** Presses a button of the page. */
    void press(String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    /** Presses a button in the row that has this text. */
    void pressInRow(String text, String button) {
        pressIn(row(text), button);
    }

    /** Presses a button of the dialog that is open, which it closes. */
    void confirm(String button) {
        Locator dialog = page.locator("dialog");
        pressIn(dialog, button);
        dialog.waitFor(ConsoleBrowser.hidden());
    }

    private static void pressIn(Locator part, String button) {
        part.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    /** The row of a table that has this text. */
    Locator row(String text) {
        return page.locator("tr", new Page.LocatorOptions().setHasText(text));
    }

    /** The field with exactly this label. */
    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }
}
