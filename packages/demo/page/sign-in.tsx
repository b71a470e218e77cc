import { type FormEvent, useEffect, useState } from "react";
import favicon from "./favicon.svg";
import { useWords } from "./language.ts";
import { listPeople } from "./session/back-end.ts";
import { type Session, signIn } from "./session/session.ts";

interface SignInProps {
  onSession(session: Session): void;
  onLanguage(): void;
}

export function SignIn({ onSession, onLanguage }: SignInProps) {
  const words = useWords();
  const [suggested, setSuggested] = useState<string[]>([]);
  const [name, setName] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState("");

  useEffect(() => {
    listPeople().then(
      (people) => setSuggested(people.suggested),
      (error: Error) => setError(error.message),
    );
  }, []);

  const enter = async (name: string) => {
    setIsBusy(true);
    setError("");
    try {
      onSession(await signIn(name));
    } catch (error) {
      setError((error as Error).message);
      setIsBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") void enter(name);
  };

  return (
    <main className="sign-in">
      <form className="card" onSubmit={submit}>
        <img src={favicon} alt="" width="56" height="56" />
        <h1>{words.title}</h1>
        <p>{words.signInHint}</p>
        <div className="suggested">
          {suggested.map((name) => (
            <button key={name} type="button" disabled={isBusy} onClick={() => enter(name)}>
              {words.iAm(name)}
            </button>
          ))}
        </div>
        <label htmlFor="name">{words.otherName}</label>
        <div className="row">
          <input
            id="name"
            value={name}
            maxLength={40}
            autoComplete="nickname"
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className="primary" disabled={isBusy || name.trim() === ""}>
            {words.signIn}
          </button>
        </div>
        <p className="error" role="alert">
          {error}
        </p>
        <button type="button" className="quiet" onClick={onLanguage}>
          {words.otherLanguage}
        </button>
      </form>
    </main>
  );
}
