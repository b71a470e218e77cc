import { useEffect, useState } from "react";
import { Chat } from "./chat.tsx";
import { initialLanguage, keepLanguage, LanguageContext, languages } from "./language.ts";
import { forgetPerson, rememberedPerson, resume, type Session } from "./session/session.ts";
import { SessionContext } from "./session/use-session.ts";
import { SignIn } from "./sign-in.tsx";

export function App() {
  const [language, setLanguage] = useState(initialLanguage);
  const [session, setSession] = useState<Session | null>(null);
  const [isResuming, setIsResuming] = useState(rememberedPerson() !== null);

  useEffect(() => {
    document.documentElement.lang = language;
    keepLanguage(language);
  }, [language]);

  useEffect(() => {
    const me = rememberedPerson();
    if (me)
      void resume(me)
        .then(setSession)
        .finally(() => setIsResuming(false));
  }, []);

  const signOut = async () => {
    forgetPerson();
    location.hash = "";
    setSession(null);
    document.title = languages[language].title;
    await session?.close();
  };
  const switchLanguage = () => setLanguage(language === "en" ? "zh" : "en");
  return (
    <LanguageContext value={language}>
      {session ? (
        <SessionContext value={session}>
          <Chat onSignOut={signOut} onLanguage={switchLanguage} />
        </SessionContext>
      ) : (
        !isResuming && <SignIn onSession={setSession} onLanguage={switchLanguage} />
      )}
    </LanguageContext>
  );
}
