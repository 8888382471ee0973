using VClusterManager.Sandbox.Authentication;

namespace VClusterManager.Sandbox.Authorization;

/// <summary>Lets those who may act as someone else, by the <c>Impersonate-*</c> headers.</summary>
internal sealed class Impersonation(RbacAuthorizer authorizer)
{
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    public Identity Apply(HttpContext context, Identity caller)
    {
        var user = context.Request.Headers["Impersonate-User"].ToString();
        var groups = context.Request.Headers["Impersonate-Group"].OfType<string>().ToList();
        if (user.Length == 0)
        {
            return caller;
        }

        RequireUser(caller, user);
        foreach (var group in groups)
        {
            authorizer.Require(caller, new AccessAttributes("impersonate") { Resource = "groups", Name = group });
        }

        if (groups.Count == 0 && ServiceAccount(user) is var (ns, _))
        {
            groups.AddRange("system:serviceaccounts", $"system:serviceaccounts:{ns}");
        }

        if (user != Identity.Anonymous.User && !groups.Contains(Identity.Authenticated))
        {
            groups.Add(Identity.Authenticated);
        }

        return new Identity(user, groups, context.Request.Headers["Impersonate-Uid"].ToString());
    }

    private void RequireUser(Identity caller, string user) =>
        authorizer.Require(
            caller,
            ServiceAccount(user) is var (ns, name)
                ? new AccessAttributes("impersonate")
                {
                    Resource = "serviceaccounts",
                    Namespace = ns,
                    Name = name,
                }
                : new AccessAttributes("impersonate") { Resource = "users", Name = user }
        );

    private static (string Namespace, string Name)? ServiceAccount(string user) =>
        user.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal)
        && user[ServiceAccountPrefix.Length..].Split(':') is [var ns, var name]
            ? (ns, name)
            : null;
}
