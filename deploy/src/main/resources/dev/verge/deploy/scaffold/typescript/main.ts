import { preferred, type Weighted } from "./lib/languages.ts";

interface Settings {
  readonly FALLBACK: string;
}

enum Outcome {
  Matched = "matched",
  Fallback = "fallback",
}

const GREETINGS: Readonly<Record<string, string>> = { en: "Hello", de: "Hallo", fr: "Bonjour" };

function choose(wanted: readonly Weighted[], fallback: string): { language: string; outcome: Outcome } {
  const found = wanted.find(({ language }) => language in GREETINGS);
  return found === undefined
    ? { language: fallback, outcome: Outcome.Fallback }
    : { language: found.language, outcome: Outcome.Matched };
}

export default {
  async fetch(request: Request, env: Settings): Promise<Response> {
    const { language, outcome } = choose(preferred(request.headers.get("accept-language")), env.FALLBACK);
    const greeting = GREETINGS[language];
    if (greeting === undefined) {
      throw new RangeError(`FALLBACK is ${language}, and there is no greeting in it`);
    }
    console.log(outcome, language);
    return Response.json({ greeting, language, outcome }, { headers: { "content-language": language, vary: "Accept-Language" } });
  },
} satisfies ExportedHandler<Settings>;
