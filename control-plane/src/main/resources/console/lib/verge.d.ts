// What functions find beside the web's own API (library "WebWorker" of TypeScript). For editors only: it is never pushed or run.

/** Plain values and secrets are strings; `kv` and `services` of function.yaml are objects. Declare your own to be exact. */
interface Env {
  // deno-lint-ignore no-explicit-any
  [name: string]: any;
}

interface ExecutionContext {
  /** Goes on with a promise after the response, within the limits of the invocation. */
  waitUntil(promise: Promise<unknown>): void;
  /** When the function throws before it answers, the origin is asked in its place. */
  passThroughOnException(): void;
}

interface ScheduledEvent {
  readonly type: "scheduled";
  /** The expression of function.yaml that was due. */
  readonly cron: string;
  /** Milliseconds since 1970 for which it was due. */
  readonly scheduledTime: number;
  noRetry(): void;
}

/** What a main module exports by default. */
interface ExportedHandler<E = Env> {
  fetch?(request: Request, env: E, ctx: ExecutionContext): Response | Promise<Response>;
  scheduled?(event: ScheduledEvent, env: E, ctx: ExecutionContext): void | Promise<void>;
}

interface KVOptions { type?: "text" | "json" | "arrayBuffer" | "stream" }
interface KVPutOptions {
  /** Seconds since 1970, a minute ahead at least. */
  expiration?: number;
  /** Seconds from now, 60 at least. */
  expirationTtl?: number;
  /** JSON of at most 1,024 characters. */
  metadata?: unknown;
}
interface KVKey { name: string; expiration?: number; metadata?: unknown }

/** A key-value namespace: read from the node's own copy, written through the control plane (visible moments later). */
interface KVNamespace {
  get(key: string, options?: "text" | { type?: "text" }): Promise<string | null>;
  // deno-lint-ignore no-explicit-any
  get(key: string, options: "json" | { type: "json" }): Promise<any>;
  get(key: string, options: "arrayBuffer" | { type: "arrayBuffer" }): Promise<ArrayBuffer | null>;
  get(key: string, options: "stream" | { type: "stream" }): Promise<ReadableStream | null>;
  getWithMetadata(key: string, options?: KVOptions["type"] | KVOptions): Promise<{ value: unknown; metadata: unknown }>;
  /** At most 1 MiB. */
  put(key: string, value: string | ArrayBuffer | ArrayBufferView | ReadableStream, options?: KVPutOptions): Promise<void>;
  delete(key: string): Promise<void>;
  list(options?: { prefix?: string; limit?: number; cursor?: string }): Promise<{ keys: KVKey[]; list_complete: boolean; cursor?: string }>;
}

/** Another function of the account. */
interface Fetcher {
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
}

interface RequestFacts {
  readonly clientIp: string;
  readonly scheme: "http" | "https";
  readonly httpProtocol: string;
  readonly tlsVersion?: string;
  readonly tlsCipher?: string;
  readonly country?: string;
  readonly node: string;
  readonly region?: string;
  readonly requestId: string;
}
interface Request { readonly verge: RequestFacts }

/** How a fetch of the own site is cached. */
interface RequestInit {
  verge?: {
    /** Seconds. */
    cacheTtl?: number;
    /** Seconds by status, such as `{"200-299": 60, "404": 5}`. */
    cacheTtlByStatus?: Record<string, number>;
    cacheKey?: string;
    cacheTags?: string[];
    cacheEverything?: boolean;
    bypass?: boolean;
  };
}

interface CacheStorage { readonly default: Cache }

interface HTMLElementToken {
  tagName: string;
  readonly attributes: IterableIterator<[string, string]>;
  readonly removed: boolean;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  setAttribute(name: string, value: string): HTMLElementToken;
  removeAttribute(name: string): HTMLElementToken;
  before(content: string, options?: { html?: boolean }): HTMLElementToken;
  after(content: string, options?: { html?: boolean }): HTMLElementToken;
  prepend(content: string, options?: { html?: boolean }): HTMLElementToken;
  append(content: string, options?: { html?: boolean }): HTMLElementToken;
  replace(content: string, options?: { html?: boolean }): HTMLElementToken;
  setInnerContent(content: string, options?: { html?: boolean }): HTMLElementToken;
  remove(): HTMLElementToken;
  removeAndKeepContent(): HTMLElementToken;
  onEndTag(handler: (tag: HTMLTextToken) => void | Promise<void>): void;
}
interface HTMLTextToken {
  readonly text: string;
  readonly lastInTextNode: boolean;
  readonly removed: boolean;
  before(content: string, options?: { html?: boolean }): HTMLTextToken;
  after(content: string, options?: { html?: boolean }): HTMLTextToken;
  replace(content: string, options?: { html?: boolean }): HTMLTextToken;
  remove(): HTMLTextToken;
}
interface HTMLHandlers {
  element?(element: HTMLElementToken): void | Promise<void>;
  comments?(comment: HTMLTextToken): void | Promise<void>;
  text?(text: HTMLTextToken): void | Promise<void>;
}
declare class HTMLRewriter {
  on(selector: string, handlers: HTMLHandlers): HTMLRewriter;
  onDocument(handlers: Omit<HTMLHandlers, "element"> & { doctype?(doctype: unknown): void; end?(end: unknown): void }): HTMLRewriter;
  transform(response: Response): Response;
}

declare module "*.txt" { const text: string; export default text; }
declare module "*.html" { const text: string; export default text; }
declare module "*.css" { const text: string; export default text; }
declare module "*.sql" { const text: string; export default text; }
declare module "*.bin" { const bytes: ArrayBuffer; export default bytes; }
declare module "*.wasm" { const module: WebAssembly.Module; export default module; }
