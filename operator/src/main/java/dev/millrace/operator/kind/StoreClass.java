package dev.millrace.operator.kind;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

@Group("millrace.dev")
@Version("v1alpha1")
@Plural("storeclasses")
@ShortNames("stc")
public final class StoreClass extends Kind {
  private static final long serialVersionUID = 1L;
}
