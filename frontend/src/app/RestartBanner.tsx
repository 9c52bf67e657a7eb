/** Says under the top bar that the server is away, starts again, or is back. In the first code: when it is needed, nothing can be fetched. */

import { CircleCheck, Unplug } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { desktopServer } from "@/app/desktop";
import styles from "@/app/RestartBanner.module.css";
import { followServer, type ServerNews, untilAnother, useServerNews } from "@/app/restart";
import { attempt } from "@/panels/attempts";
import { reconnect, useServer } from "@/state/server";
import { Button } from "@/ui/Button";
import { Spinner } from "@/ui/Spinner";

export function RestartBanner() {
  useEffect(followServer, []);
  const { news } = useServerNews();
  return (
    <div role="status" className={news === "none" ? undefined : styles.banner} data-news={news}>
      <Content news={news} />
    </div>
  );
}

function Content({ news }: { news: ServerNews }): ReactNode {
  switch (news) {
    case "restarting":
      return (
        <>
          <Spinner /> <p>The server is starting again. What you have open stays as it is.</p>
        </>
      );
    case "away":
      return (
        <>
          <Unplug size={15} aria-hidden />
          <p>The server is away. Your edits are kept here, and saved when it is back.</p>
          <Button onClick={reconnect}>Try now</Button>
          <StartButton />
        </>
      );
    case "lost":
      return (
        <>
          <Unplug size={15} aria-hidden />
          <p>
            The server has not come back. Start it again where it was started; your edits are kept here until
            then.
          </p>
          <Button onClick={() => void untilAnother(useServer.getState().bootId)}>Look again</Button>
          <StartButton />
        </>
      );
    case "restarted":
    case "back":
      return (
        <>
          <CircleCheck size={15} aria-hidden />
          <p>
            {news === "back" ? "The server is back." : "The server has started again. Everything is kept."}
          </p>
        </>
      );
    default:
      return null;
  }
}

/** The desktop app runs the server and can start it, whatever has become of it. */
function StartButton() {
  const desktop = desktopServer();
  if (!desktop) return null;
  const start = async () => {
    const before = useServer.getState().bootId;
    if (await attempt(() => desktop.restartServer())) await untilAnother(before);
  };
  return <Button onClick={start}>Start it again</Button>;
}
