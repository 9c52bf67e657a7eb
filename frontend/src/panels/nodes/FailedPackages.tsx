/** Packages that are installed and cannot be loaded, apart from those that can. */

import { CircleOff, RotateCw, TriangleAlert } from "lucide-react";
import styles from "@/panels/nodes/FailedPackages.module.css";
import { switched } from "@/panels/nodes/PackageRow";
import { CopiedText } from "@/panels/nodes/ProblemBlock";
import { usePackages } from "@/state/packages";
import { disable, reload, useChange } from "@/state/packages_change";
import { look } from "@/state/packages_plan";
import { Button } from "@/ui/Button";
import { MessageText } from "@/ui/MessageText";
import type { FailedPackage, PackageInfo } from "@/wire/shapes";

export function FailedPackages() {
  const { value } = usePackages();
  if (value.failed.length === 0) return null;
  return (
    <section className={styles.failed} aria-labelledby="failed-packages">
      <h3 id="failed-packages" className={styles.title}>
        <TriangleAlert size={15} className={styles.icon} aria-hidden />
        Cannot be loaded
      </h3>
      {value.failed.map((failure) => (
        <Failure
          key={`${failure.package_name} ${failure.entry_point_name} ${failure.error_message}`}
          failure={failure}
          info={value.nodes.find(({ name }) => name === failure.package_name)}
        />
      ))}
    </section>
  );
}

function Failure({ failure, info }: { failure: FailedPackage; info: PackageInfo | undefined }) {
  const changing = useChange(({ change }) => change?.outcome === "running");
  const { package_name, entry_point_name, error_type, error_message, traceback, hint } = failure;
  return (
    <article className={styles.failure} aria-label={package_name}>
      <div className={styles.head}>
        <span className={styles.name}>
          {package_name}
          {entry_point_name !== "" && entry_point_name !== package_name && <> · {entry_point_name}</>}
        </span>
        {info?.removable && (
          <Button icon={<RotateCw size={14} />} disabled={changing} onClick={() => retry(info)}>
            Try again
          </Button>
        )}
        {info && (
          <Button
            icon={<CircleOff size={14} />}
            aria-label={`Disable ${package_name}`}
            disabled={changing}
            onClick={() => switched(package_name, disable)}
          >
            Disable
          </Button>
        )}
      </div>
      <p>
        {error_type !== "" && <strong>{error_type}: </strong>}
        {error_message}
      </p>
      {hint !== "" && (
        <p className={styles.hint}>
          <MessageText>{hint}</MessageText>
        </p>
      )}
      {traceback !== "" && <CopiedText title="Traceback" text={traceback} />}
    </article>
  );
}

/** One in place is read anew; of another nothing has changed, unless it is fetched again. */
function retry({ editable, name, spec }: PackageInfo): void {
  if (editable) void reload(name);
  else void look({ package: spec, editable: null, upgrade: true, pre: false }, name);
}
