import type { MiddlewareHandler } from 'hono';

/** Nothing that the API answers is a page. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * The headers of every answer; what an answer has set itself stays.
 *
 * @param version tells a page from before an upgrade that it is one
 * @param publicUrl behind TLS, browsers are told to stay there
 */
export function answerHeaders(version: string, publicUrl: string | undefined): MiddlewareHandler {
  const usual = Object.entries({
    'cache-control': 'no-store',
    'content-security-policy': API_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-opsroom-version': version,
    ...(publicUrl?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  });
  return async (context, next) => {
    await next();
    for (const [name, value] of usual) if (!context.res.headers.has(name)) context.header(name, value);
  };
}

/**
 * What a page of the app may load: its own files, and nothing inline. Styles that libraries put into the page at run time
 * carry the nonce.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
