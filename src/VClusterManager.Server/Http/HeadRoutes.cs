namespace VClusterManager.Server.Http;

/// <summary>HEAD (RFC 9110): what GET would answer, without the body.</summary>
internal static class HeadRoutes
{
    /// <summary>
    /// Lets every route that answers GET answer HEAD. The server itself drops the body; only answers that go on for as
    /// long as somebody listens have to look at the method.
    /// </summary>
    public static T AnswersHead<T>(this T routes)
        where T : IEndpointConventionBuilder
    {
        routes.Finally(endpoint =>
        {
            if (
                endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { } methods
                && methods.HttpMethods.Contains(HttpMethods.Get)
                && !methods.HttpMethods.Contains(HttpMethods.Head)
            )
            {
                endpoint.Metadata.Add(
                    new HttpMethodMetadata([.. methods.HttpMethods, HttpMethods.Head], methods.AcceptCorsPreflight)
                );
            }
        });
        return routes;
    }
}
