package dev.millrace.operator.crd;

import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.access.AccessRequestStatus;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.product.DataProductStatus;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** The kinds as the generator wants them: a class for each, with the wire types in it. */
final class Kinds {
  private static final String GROUP = "millrace.dev";
  private static final String VERSION = "v1alpha1";

  private Kinds() {}

  @Group(GROUP)
  @Version(VERSION)
  @Kind("DataProduct")
  @Plural("dataproducts")
  @ShortNames("dp")
  static final class DataProduct extends CustomResource<DataProductSpec, DataProductStatus>
      implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected DataProductSpec initSpec() {
      return null;
    }

    @Override
    protected DataProductStatus initStatus() {
      return null;
    }
  }

  @Group(GROUP)
  @Version(VERSION)
  @Kind("DataSubscription")
  @Plural("datasubscriptions")
  @ShortNames("dsub")
  static final class DataSubscription
      extends CustomResource<DataSubscriptionSpec, SubscriptionStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected DataSubscriptionSpec initSpec() {
      return null;
    }

    @Override
    protected SubscriptionStatus initStatus() {
      return null;
    }
  }

  /** Of the whole cluster. */
  @Group(GROUP)
  @Version(VERSION)
  @Kind("StoreClass")
  @Plural("storeclasses")
  @ShortNames("stc")
  static final class StoreClass extends CustomResource<StoreClassSpec, Void> {
    private static final long serialVersionUID = 1L;

    @Override
    protected StoreClassSpec initSpec() {
      return null;
    }

    @Override
    protected Void initStatus() {
      return null;
    }
  }

  @Group(GROUP)
  @Version(VERSION)
  @Kind("Store")
  @Plural("stores")
  @ShortNames("st")
  static final class Store extends CustomResource<StoreSpec, StoreStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected StoreSpec initSpec() {
      return null;
    }

    @Override
    protected StoreStatus initStatus() {
      return null;
    }
  }

  @Group(GROUP)
  @Version(VERSION)
  @Kind("AccessRequest")
  @Plural("accessrequests")
  @ShortNames("ar")
  static final class AccessRequest extends CustomResource<AccessRequestSpec, AccessRequestStatus>
      implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected AccessRequestSpec initSpec() {
      return null;
    }

    @Override
    protected AccessRequestStatus initStatus() {
      return null;
    }
  }
}
