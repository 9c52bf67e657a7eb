import "fake-indexeddb/auto";
import { configure } from "@testing-library/react";

// Parts that are loaded when they are shown take a while on a busy machine; the usual second is not enough.
configure({ asyncUtilTimeout: 5_000 });
