import { type FormEvent, useEffect, useId, useRef, useState } from "react";

import { login } from "./api";
import type { Session } from "./session";

interface Props {
  readonly session: Session | null;
  /** Why the form is here although somebody worked: shown above it, and read out. */
  readonly notice: string;
  readonly onSignIn: (session: Session) => void;
  readonly onSignOut: () => void;
}

export function Account({ session, notice, onSignIn, onSignOut }: Props) {
  if (session === null) return <SignInForm notice={notice} onSignIn={onSignIn} />;
  return (
    <div className="account">
      <p role="status">
        Signed in as <strong>{session.username}</strong> of <strong>{session.institution}</strong>
      </p>
      <button type="button" onClick={onSignOut}>
        Sign out
      </button>
    </div>
  );
}

function SignInForm({ notice, onSignIn }: Pick<Props, "notice" | "onSignIn">) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const message = failure || notice;
  const messageId = useId();

  useEffect(() => {
    if (notice) form.current?.querySelector<HTMLInputElement>("input")?.focus();
  }, [notice]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "");
    setBusy(true);
    setFailure("");
    try {
      onSignIn(
        await login({ institution: text("institution").trim(), username: text("username").trim(), password: text("password") }),
      );
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      form.current?.querySelector<HTMLInputElement>("input[type=password]")?.focus();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form ref={form} className="account" aria-label="Sign in" aria-describedby={messageId} onSubmit={submit}>
      <Field label="Institution code" name="institution" autoComplete="organization" />
      <Field label="Username or e-mail" name="username" autoComplete="username" />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <button type="submit" aria-disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
      <p id={messageId} role="alert" className={failure ? "failure" : "notice"}>
        {message}
      </p>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: "text" | "password";
  readonly autoComplete: string;
}

function Field({ label, name, type = "text", autoComplete }: FieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input name={name} type={type} autoComplete={autoComplete} autoCapitalize="none" spellCheck={false} required />
    </label>
  );
}
