package dev.millrace.operator.kind;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

@Group("millrace.dev")
@Version("v1alpha1")
@Plural("accessrequests")
@ShortNames("ar")
public final class AccessRequest extends Kind implements Namespaced {
  private static final long serialVersionUID = 1L;
}
