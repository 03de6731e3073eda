package io.processoptimizer.aws.provision;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.TableSpec;
import io.processoptimizer.aws.provision.Resource.Aspect;
import java.util.ArrayList;
import java.util.List;

/** Looks at every resource of a blueprint, and makes them so where that is wanted: START HERE for this package. Idempotent. */
public final class Provisioning {
    /** A resource that is made is looked at again for its settings, and once more to see that they are as they should be. */
    private static final int MAX_ROUNDS = 3;

    private final List<Look> looks = new ArrayList<>();

    /** Looks at one resource; changes nothing. */
    @FunctionalInterface
    public interface Look {
        Resource examine() throws InterruptedException;
    }

    /** One look a resource, so that they can be taken side by side. */
    public List<Look> looks() {
        return List.copyOf(looks);
    }

    /** @param clients not closed by this */
    public Provisioning(AwsClients clients, Blueprint blueprint) {
        looks.add(new StreamExamination(clients.kinesis(), blueprint.stream())::examine);
        for (TableSpec table : blueprint.tables()) {
            looks.add(new TableExamination(clients.dynamo(), table)::examine);
        }
        if (blueprint.bucket() != null) {
            looks.add(new BucketExamination(clients.s3(), blueprint.bucket())::examine);
        }
        looks.add(new RuleExamination(clients.events(), blueprint.rule())::examine);
    }

    /**
     * How everything stands; changes nothing.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException where AWS does not answer, or refuses to
     */
    public List<Resource> plan() throws InterruptedException {
        List<Resource> found = new ArrayList<>();
        for (Look look : looks) {
            found.add(look.examine());
        }
        return found;
    }

    /**
     * Makes and changes what is not as it should be.
     *
     * @param progress told each resource as it stands afterwards
     * @return all resources as they stand afterwards
     * @throws software.amazon.awssdk.core.exception.SdkException as {@link #plan}; what was made before stays, and the next call goes on
     */
    public List<Resource> apply(Progress progress) throws InterruptedException {
        List<Resource> after = new ArrayList<>();
        for (Look look : looks) {
            Resource resource = applied(look, progress);
            progress.done(resource);
            after.add(resource);
        }
        return after;
    }

    /** Told of what is being done. */
    public interface Progress {
        /** This is about to be made or changed. */
        void changing(Resource resource, Aspect aspect);

        /** This is how it stands now. */
        void done(Resource resource);
    }

    private static Resource applied(Look look, Progress progress) throws InterruptedException {
        Resource resource = look.examine();
        List<Aspect> notOffered = new ArrayList<>();
        for (int round = 0; round < MAX_ROUNDS && isToBeChanged(resource, notOffered); round++) {
            for (Aspect aspect : resource.aspects()) {
                Resource.Change change = aspect.change();
                if (change != null && !isAmong(aspect, notOffered)) {
                    progress.changing(resource, aspect);
                    try {
                        change.make();
                    } catch (NotOfferedException e) {
                        notOffered.add(aspect);
                    }
                }
            }
            resource = look.examine();
        }
        return notOffered.isEmpty() ? resource : without(resource, notOffered);
    }

    private static boolean isToBeChanged(Resource resource, List<Aspect> notOffered) {
        return resource.aspects().stream().anyMatch(aspect -> aspect.change() != null && !isAmong(aspect, notOffered));
    }

    private static boolean isAmong(Aspect aspect, List<Aspect> notOffered) {
        return notOffered.stream().anyMatch(one -> one.text().equals(aspect.text()));
    }

    /** What the endpoint cannot change is no difference that running this again would mend. */
    private static Resource without(Resource resource, List<Aspect> notOffered) {
        return new Resource(
                resource.kind(),
                resource.name(),
                resource.aspects().stream()
                        .map(aspect -> isAmong(aspect, notOffered) ? Aspect.notOffered(aspect.text()) : aspect)
                        .toList());
    }
}
