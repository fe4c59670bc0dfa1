import type { NotifyReceiver } from "./notify_receiver.ts";
import { isSmtpUrl, isVariable, isWebhookUrl } from "./notify_schema.ts";

/**
 * Puts in the values of variables that receivers name. One whose value is missing or of no use is left
 * out with a warning: redirects are not to wait for somebody who would be told about them.
 *
 * @param variable reads a variable
 */
export function resolveReceivers(
  written: readonly NotifyReceiver[],
  variable: (name: string) => string | undefined,
): { readonly receivers: readonly NotifyReceiver[]; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const receivers = written.flatMap((receiver, index) => {
    const variables: string[] = [];
    let usable = true;
    const resolve = (key: string, value: string, fits: (text: string) => boolean): string => {
      if (!isVariable(value)) return value;
      const name = value.slice(1);
      variables.push(name);
      const found = variable(name) ?? "";
      const trouble = found === "" ? "is not set" : fits(found) ? null : "holds nothing of use";
      if (trouble !== null) {
        usable = false;
        warnings.push(
          `Notify entry ${index + 1} is not used: ${key} stands in the variable ${name}, ` +
            `which ${trouble}`,
        );
      }
      return found;
    };
    let resolved = receiver;
    if (receiver.to === "webhook") {
      const url = resolve("URL", receiver.url, isWebhookUrl);
      resolved = { ...receiver, url, secret: resolve("Secret", receiver.secret, () => true) };
    } else if (receiver.to === "mail") {
      resolved = { ...receiver, smtp: resolve("SMTP", receiver.smtp, isSmtpUrl) };
    }
    return usable ? [{ ...resolved, variables }] : [];
  });
  return { receivers, warnings };
}
