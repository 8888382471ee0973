namespace VClusterManager.Server.Identity;

internal static class Roles
{
    /// <summary>As it is written in configuration and in answers.</summary>
    public static string ToWord(this Role role) =>
        role switch
        {
            Role.Viewer => "viewer",
            Role.Editor => "editor",
            Role.Admin => "admin",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
        };

    public static bool TryParse(string? word, out Role role)
    {
        role = word switch
        {
            "admin" => Role.Admin,
            "editor" => Role.Editor,
            _ => Role.Viewer,
        };
        return word is "admin" or "editor" or "viewer";
    }

    /// <summary>Only callers with at least this role come in.</summary>
    public static T RequireRole<T>(this T routes, Role role)
        where T : IEndpointConventionBuilder => routes.RequireAuthorization(role.ToWord());
}
