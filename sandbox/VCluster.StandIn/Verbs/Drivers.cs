namespace VCluster.StandIn.Verbs;

/// <summary>Of the ways in which the real CLI manages clusters, the stand-in has one; of the others it says what the real one says without them.</summary>
internal static class Drivers
{
    /// <exception cref="VerbException">It is not the helm driver that is asked for.</exception>
    public static void Check(string verb, VClusterCall call)
    {
        var driver = call.Arguments.Text("driver") is { Length: > 0 } given ? given : call.Home.Driver;
        var refusal = driver switch
        {
            "helm" => null,
            "platform" => VClusterCall.NotLoggedIn,
            "docker" => $"failed to {verb} docker vclusters: docker ps failed: exit status 1",
            _ =>
                $"parse driver type: invalid driver type: \"{driver}\", only \"helm\", \"platform\" or \"docker\" are valid",
        };
        if (refusal is not null)
        {
            throw new VerbException(refusal);
        }
    }
}
