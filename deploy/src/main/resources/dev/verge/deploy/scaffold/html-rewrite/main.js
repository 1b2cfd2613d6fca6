// Changes pages on their way from the origin, as they stream through: images load late and from the CDN, external links are
// marked, and a banner stands on top.
import banner from "./banner.html";

/** @type {ExportedHandler} */
export default {
  async fetch(request, env) {
    // The own site: goes on to its cache and its origins.
    const response = await fetch(request);
    if (!(response.headers.get("content-type") ?? "").startsWith("text/html")) {
      return response;
    }
    const own = new URL(request.url).hostname;
    return new HTMLRewriter()
      .on("body", { element: (body) => { body.prepend(banner, { html: true }); } })
      .on("img[src]", {
        element(image) {
          const source = image.getAttribute("src") ?? "";
          if (source.startsWith("/")) {
            image.setAttribute("src", env.CDN + source);
          }
          image.setAttribute("loading", "lazy");
        },
      })
      .on("a[href]", {
        element(link) {
          const target = URL.parse(link.getAttribute("href") ?? "", request.url);
          if (target !== null && target.hostname !== own) {
            link.setAttribute("rel", "external noopener");
          }
        },
      })
      .transform(response);
  },
};
